/** The photo of a user: read, replaced, deleted, and hidden with its owner. */
import { type Api, leave, PREFIX, refused, useApi, type User } from '../support/api.js';
import { send } from '../support/raw.js';
import { DOT, plain } from './images.js';
import { pathIn, pathOf, put, read } from './photos.js';

const DEFAULT = 'https://www.profileimageurl.com';
const YEAR = 'public, max-age=31536000, immutable';

let api: Api;
let ada: User;
let root: User;
beforeAll(async () => {
  api = await useApi();
  [ada, root] = [await api.signUp(), await api.superuser()];
});
afterAll(() => api.stop());

const pictureOf = async ({ username }: User): Promise<string> =>
  (await api.http.get(`${PREFIX}/users/${username}`).expect(200)).body.profile_image_url;

test('the profile leads to the photo at once, and to the next one when it is replaced', async () => {
  expect(await pictureOf(ada)).toBe(DEFAULT);
  const { body: first } = await put(ada, DOT).expect(200);
  expect(first.profile_image_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/photos\/[0-9a-f]{32}$/);
  expect(await pictureOf(ada)).toBe(first.profile_image_url);
  const old = await read(api, pathIn(first));
  const { body: second } = await put(ada, await plain(300, 300).png().toBuffer()).expect(200);
  expect(second).toMatchObject({ width: 300, height: 300, created_at: first.created_at });
  expect(await pictureOf(ada)).toBe(second.profile_image_url);
  expect(await read(api, pathOf(ada))).not.toEqual(old);
  await refused(api.http.get(pathIn(first)), 404, 'photo_not_found');
  expect((await ada.agent.get(`${PREFIX}/users/me`)).body.profile_image_url).toBe(second.profile_image_url);
});

test('clients may keep what has a name for ever, and what a user has now for a minute', async () => {
  const { body } = await put(ada, DOT).expect(200);
  for (const [path, kept] of [
    [pathIn(body), YEAR],
    [pathOf(ada), 'public, max-age=60'],
  ] as const) {
    const { status, headers } = await send(api.program.url, { path });
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'image/webp', kept]);
    expect(headers).toMatchObject({ etag: expect.stringMatching(/^"[\w-]+"$/), 'x-content-type-options': 'nosniff' });
    const known = await send(api.program.url, { path, headers: { 'if-none-match': headers.etag } });
    expect([known.status, known.text, known.headers.etag]).toEqual([304, '', headers.etag]);
    const head = await send(api.program.url, { path, method: 'HEAD' });
    expect([head.status, head.headers['content-length']]).toEqual([200, headers['content-length']]);
    const small = await send(api.program.url, { path: `${path}?size=64` });
    expect(small.headers.etag).not.toBe(headers.etag);
  }
});

test.each(['32', '64px', '', '1024&size=64'])('the size %j is 422', async (size) => {
  await refused(api.http.get(`${pathOf(ada)}?size=${size}`), 422, 'validation_failed');
});

test.each(['nobody/photo', 'ada%00/photo'])('of %s there is no photo', async (path) => {
  const { status } = await api.http.get(`${PREFIX}/users/${path}`);
  expect([400, 404]).toContain(status);
});

test.each(['x', '..%2f..%2fsecrets.env', '0'.repeat(32), `${'0'.repeat(31)}%00`])('%s names no photo', async (name) => {
  await refused(api.http.get(`${PREFIX}/photos/${name}`), 404, 'photo_not_found');
});

test('a photo that is deleted leaves the default', async () => {
  const { body } = await put(ada, DOT).expect(200);
  await ada.agent.delete(pathOf(ada)).expect(204);
  expect(await pictureOf(ada)).toBe(DEFAULT);
  for (const path of [pathIn(body), pathOf(ada)]) await refused(api.http.get(path), 404, 'photo_not_found');
  await refused(ada.agent.delete(pathOf(ada)), 404, 'photo_not_found');
});

test('a superuser deletes anybody’s photo, and nobody else does', async () => {
  await put(ada, DOT).expect(200);
  const path = `${PREFIX}/admin/users/${ada.username}/photo`;
  await refused((await api.signUp()).agent.delete(pathOf(ada)), 403, 'not_your_account');
  await refused(ada.agent.delete(path), 403, 'superuser_only');
  await root.agent.delete(path).expect(204);
  expect(await pictureOf(ada)).toBe(DEFAULT);
  await refused(root.agent.delete(path), 404, 'photo_not_found');
  await refused(root.agent.delete(path.replace(ada.username, 'nobody')), 404, 'user_not_found');
});

test('the photo of a deleted account is hidden, comes back with it, and goes with it for good', async () => {
  const user = await api.signUp();
  const { body } = await put(user, DOT).expect(200);
  await leave(user).expect(204);
  for (const path of [pathIn(body), pathOf(user)]) await refused(api.http.get(path), 404, 'photo_not_found');
  const account = `${PREFIX}/admin/users/${user.username}`;
  await root.agent.post(`${account}/restore`).expect(200);
  for (const path of [pathIn(body), pathOf(user)]) await read(api, path);
  await root.agent.delete(account).expect(204);
  await refused(api.http.get(pathIn(body)), 404, 'photo_not_found');
});

test('two photos that are put at once leave one', async () => {
  const user = await api.signUp();
  const answers = await Promise.all([put(user, DOT), put(user, DOT)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const served = await Promise.all(answers.map(({ body }) => api.http.get(pathIn(body))));
  expect(served.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  await read(api, new URL(await pictureOf(user)).pathname);
});
