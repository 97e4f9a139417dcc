import { type Api, leave, PREFIX, useApi, type User } from '../support/api.js';
import { writePost } from './posts.js';

let api: Api;
let ada: User;
beforeAll(async () => {
  api = await useApi();
  ada = await api.signUp({ username: 'ada' });
});
afterAll(() => api.stop());

const titles = async (path: string) =>
  (await api.http.get(PREFIX + path).expect(200)).body.data.map(({ title }: { title: string }) => title) as string[];

test('posts are found by words of title and text, as they are now', async () => {
  const post = await writePost(ada, { title: 'Engines', text: 'Of brass' });
  await writePost(ada, { title: 'Looms', text: 'Woven by an engine' });
  expect(await titles('/posts?search=engine')).toEqual(['Looms', 'Engines']);
  expect(await titles('/users/ada/posts?search=engine&sort=title')).toEqual(['Engines', 'Looms']);
  const path = `${PREFIX}/users/ada/posts/${post.id}`;
  await ada.agent.patch(path).send({ title: 'Mills', text: 'Of stone' }).expect(200);
  expect(await titles('/posts?search=engine')).toEqual(['Looms']);
  expect(await titles('/posts?search=stone')).toEqual(['Mills']);
});

test('deleted posts, and those of deleted authors, are not found', async () => {
  const grace = await api.signUp({ username: 'grace' });
  const [gone] = [await writePost(grace, { title: 'Compiler one' }), await writePost(grace, { title: 'Compiler two' })];
  await grace.agent.delete(`${PREFIX}/users/grace/posts/${gone.id}`).expect(204);
  expect(await titles('/posts?search=compiler')).toEqual(['Compiler two']);
  await leave(grace).expect(204);
  expect(await titles('/posts?search=compiler')).toEqual([]);
});

test('users are found by the beginnings of their names, and not by what is private', async () => {
  await api.signUp({ username: 'hedy', name: 'Hedy Lamarr-Kiesler', email: 'inventor@example.com' });
  const found = async (search: string) =>
    (await api.http.get(`${PREFIX}/users`).query({ search }).expect(200)).body.data.map(
      ({ username }: { username: string }) => username,
    ) as string[];
  for (const search of ['hed', 'HEDY', 'lamarr', 'hedy lam', 'kies', 'hedy -love']) {
    expect({ search, found: await found(search) }).toEqual({ search, found: ['hedy'] });
  }
  for (const search of ['inventor', 'edy', 'lamarr hedwig']) {
    expect({ search, found: await found(search) }).toEqual({ search, found: [] });
  }
});

test('a text of the longest words and of the most is stored and found', async () => {
  const words = Array.from({ length: 12_000 }, (_, n) => n.toString(36)).join(' ');
  const text = `needle ${'x'.repeat(3_000)} a-${'b-'.repeat(1_500)}c https://example.com/${'d/'.repeat(700)} ${words}`;
  await writePost(ada, { title: 'Haystack', text: text.slice(0, 63_000) });
  expect(await titles('/posts?search=needle')).toEqual(['Haystack']);
});
