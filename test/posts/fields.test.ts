import { type Api, PREFIX, useApi, type User } from '../support/api.js';
import { writePost } from './posts.js';
import { expectRefused, send } from '../support/raw.js';

let api: Api;
let ada: User;
let posts: string;
beforeAll(async () => {
  api = await useApi();
  ada = await api.signUp({ username: 'ada' });
  posts = `${PREFIX}/users/ada/posts`;
  expect((await writePost(ada)).id).toBe(1);
});
afterAll(() => api.stop());

const good = { title: 'Compilers', text: 'The first of them.' };
const request = (method: string, body: object) => ({
  method,
  path: method === 'POST' ? posts : `${posts}/1`,
  token: ada.token,
  body,
});

const TOO_LONG_URL = `https://example.com/${'a'.repeat(2048)}`;
const REFUSED: Record<string, unknown[]> = {
  title: ['x', 'x'.repeat(31), '😀'.repeat(31), '😀'],
  text: ['', 'x'.repeat(63207), '😀'.repeat(63207)],
  media_url: [
    '',
    1,
    {},
    'nope',
    'ftp://example.com/a',
    'javascript:alert(1)',
    '//example.com',
    'https://',
    TOO_LONG_URL,
  ],
};
const TABLE = ['POST', 'PATCH'].flatMap((method) =>
  Object.entries(REFUSED).flatMap(([field, values]) =>
    values.map((value) => ({ method, field, value, shown: JSON.stringify(value).slice(0, 40) })),
  ),
);

test.each(TABLE)('$method with $field $shown is 422', async ({ method, field, value }) => {
  await expectRefused(api, request(method, { ...good, [field]: value }), 422, 'validation_failed');
});

test.each(['POST', 'PATCH'])('%s takes a title of exactly 30 code points', async (method) => {
  const title = '😀👩‍🚀'.repeat(10).match(/./gu)!.slice(0, 30).join('');
  expect([...title]).toHaveLength(30);
  expect(title.length).toBeGreaterThan(30);
  const { status, text } = await send(api.program.url, request(method, { ...good, title }));
  expect(status).toBe(method === 'POST' ? 201 : 200);
  const { id } = JSON.parse(text) as { id: number };
  const { body } = await api.http.get(`${posts}/${id}`).expect(200);
  expect(body.title).toBe(title);
});

test('a post of exactly 63,206 code points of two units each is stored and read back', async () => {
  const text = '😀'.repeat(63206);
  const answer = await send(api.program.url, request('POST', { ...good, text }));
  expect(answer.status).toBe(201);
  const { id } = JSON.parse(answer.text) as { id: number };
  const { body } = await api.http.get(`${PREFIX}/posts/${id}`).expect(200);
  expect(body.text).toBe(text);
});

test.each(['POST', 'PATCH'])('%s takes null for media_url', async (method) => {
  const { status, text } = await send(api.program.url, request(method, { ...good, media_url: null }));
  expect(status).toBeLessThan(300);
  expect(JSON.parse(text)).toMatchObject({ media_url: null });
});
