import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { fieldsIn } from '../support/routes.js';
import { newScene } from '../support/scenes.js';
import { post as example } from './posts.facts.js';
import { type Post, writePost } from './posts.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;

let api: Api;
let author: User;
beforeAll(async () => {
  api = await useApi();
  author = await api.signUp();
});
afterAll(() => api.stop());

function postsOf({ username }: User): string {
  return `${PREFIX}/users/${username}/posts`;
}

function pathOf({ id }: Post): string {
  return `${postsOf(author)}/${id}`;
}

/** A post that was last changed long ago. */
async function oldPost(fields: Partial<Post> = {}): Promise<Post> {
  const post = await writePost(author, fields);
  await api.database.query(`UPDATE post SET updated_at = '2020-01-01T00:00:00Z' WHERE id = $1`, [post.id]);
  return { ...post, updated_at: '2020-01-01T00:00:00.000Z' };
}

test('a new post is answered in full, with the path that it is read under', async () => {
  const given = await (await newScene(api, await api.superuser(), author)).filled(example);
  const { body, headers } = await author.agent.post(postsOf(author)).send(given).expect(201);
  expect(body).toEqual({
    id: expect.any(Number),
    ...given,
    ...Object.fromEntries(fieldsIn('posts').map((name) => [name, 0])),
    created_by_user_id: author.id,
    created_at: expect.stringMatching(INSTANT),
    updated_at: expect.stringMatching(INSTANT),
  });
  expect(headers.location).toBe(pathOf(body));
  const read = await api.http.get(headers.location!).expect(200);
  expect(read.body).toEqual(body);
});

test.each([[undefined], [null]])('a post may have no picture (%s)', async (media_url) => {
  const post = await writePost(author, { media_url });
  expect(post.media_url).toBeNull();
});

test.each([
  ['a title of one character', { title: 'x' }, 'title'],
  ['a title of 31 characters', { title: 'x'.repeat(31) }, 'title'],
  ['no text', { text: '' }, 'text'],
  ['a text of 63207 characters', { text: 'x'.repeat(63_207) }, 'text'],
  ['a picture that is no address', { media_url: 'engine.png' }, 'media_url'],
  ['a picture by FTP', { media_url: 'ftp://example.com/engine.png' }, 'media_url'],
  ['an author of one’s choice', { created_by_user_id: 1 }, 'created_by_user_id'],
  ['an id of one’s choice', { id: 1 }, 'id'],
])('a post has not %s', async (_, fields, field) => {
  const create = author.agent.post(postsOf(author)).send({ title: 'A title', text: 'Some text', ...fields });
  const change = author.agent.patch(pathOf(await writePost(author))).send(fields);
  for (const sent of [create, change]) {
    const { body } = await refused(sent, 422, 'validation_failed');
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
  }
});

test('a post holds 63206 characters, whatever they are', async () => {
  const text = '語🔑'.repeat(31_603);
  const post = await writePost(author, { title: '🔑'.repeat(30), text });
  const { body } = await api.http.get(pathOf(post)).expect(200);
  expect(body.text).toBe(text);
});

test('nobody writes in the name of someone else', async () => {
  const other = await api.signUp();
  const post = { title: 'Not mine', text: 'Some text' };
  await refused(other.agent.post(postsOf(author)).send(post), 403, 'not_your_account');
  await refused(api.http.post(postsOf(author)).send(post), 401, 'not_signed_in');
  await refused(other.agent.post(`${PREFIX}/users/nobody/posts`).send(post), 404, 'user_not_found');
  const rows = await api.database.query(`SELECT id FROM post WHERE title = 'Not mine'`);
  expect(rows).toEqual([]);
});

test.each([
  [{ title: 'A new title' }],
  [{ text: 'A new text' }],
  [{ media_url: 'https://example.com/new.png' }],
  [{ media_url: null }],
  [{ title: 'Both are', text: 'new.' }],
])('of a post, %j changes, and when it was changed, and all else stays', async (changes) => {
  const before = await oldPost({ media_url: 'https://example.com/old.png' });
  const { body } = await author.agent.patch(pathOf(before)).send(changes).expect(200);
  expect(body).toEqual({ ...before, ...changes, updated_at: expect.stringMatching(INSTANT) });
  expect(Date.now() - Date.parse(body.updated_at)).toBeLessThan(60_000);
  const read = await api.http.get(pathOf(before)).expect(200);
  expect(read.body).toEqual(body);
});

test('a change of nothing leaves a post as it is', async () => {
  const before = await oldPost();
  const { body } = await author.agent.patch(pathOf(before)).send({}).expect(200);
  expect(body).toEqual(before);
});

test.each(['title', 'text'])('the %s of a post is never null', async (field) => {
  const post = await writePost(author);
  const { body } = await refused(author.agent.patch(pathOf(post)).send({ [field]: null }), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
});

test('a post changes if it matches its entity tag, and is left alone if it changed meanwhile', async () => {
  const post = await writePost(author);
  const { headers } = await api.http.get(pathOf(post)).expect(200);
  const change = (title: string) => author.agent.patch(pathOf(post)).set('If-Match', headers.etag!).send({ title });
  await change('In time').expect(200);
  await refused(change('Too late'), 412, 'stale_entity_tag');
  const { body } = await api.http.get(pathOf(post)).expect(200);
  expect(body.title).toBe('In time');
});
