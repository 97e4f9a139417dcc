import { type Api, leave, PASSWORD, PREFIX, useApi } from '../../support/api.js';
import { send, type Sent } from '../../support/raw.js';
import { linesWith, until } from '../../support/program.js';
import { CURSOR_LISTS, LISTS, PUBLIC_READS, type Route } from '../../support/routes.js';
import { newScene, type PlayedScene } from '../../support/scenes.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let api: Api;
let scene: PlayedScene;
let ask: (sent: Sent) => ReturnType<typeof send>;
beforeAll(async () => {
  api = await useApi();
  scene = await newScene(api, await api.superuser(), await api.signUp({ username: 'ada' }));
  ask = (sent) => send(api.program.url, sent);
});
afterAll(() => api.stop());

const at = (path: string) => PREFIX + path;
const ACCOUNT = { name: 'Grace', username: 'grace{unique}', email: 'grace{unique}@example.com', password: PASSWORD };
const TASK = { name: 'sample', payload: { message: 'x' } };

type Request = Sent & { as?: Route['as'] };
const REQUESTS: [string, number, Request][] = [
  ['a list', 200, { path: at('/users') }],
  ['a head', 200, { path: at('/users'), method: 'HEAD' }],
  ['an own account', 200, { path: at('/users/me'), as: 'user' }],
  ['a change', 200, { path: at('/users/ada'), method: 'PATCH', body: {}, as: 'user' }],
  ['a new account', 201, { path: at('/users'), method: 'POST', body: ACCOUNT }],
  ['a task', 202, { path: at('/tasks'), method: 'POST', body: TASK, as: 'user' }],
  ['accounts', 200, { path: at('/admin/users'), as: 'superuser' }],
  ['a malformed body', 400, { path: at('/users'), method: 'POST', body: '{' }],
  ['a malformed path', 400, { path: at('/users/%ff') }],
  ['no token', 401, { path: at('/users/me') }],
  ['somebody else', 403, { path: at('/admin/users'), as: 'user' }],
  ['an unknown user', 404, { path: at('/users/nobody') }],
  ['an unknown path', 404, { path: '/nope' }],
  ['a wrong method', 405, { path: at('/users'), method: 'PUT' }],
  ['a name that is taken', 409, { path: at('/users/ada'), method: 'PATCH', body: { username: 'tester' }, as: 'user' }],
  [
    'a stale change',
    412,
    { path: at('/users/ada'), method: 'PATCH', body: {}, headers: { 'if-match': '"x"' }, as: 'user' },
  ],
  ['a form', 415, { path: at('/users'), method: 'POST', body: 'a=b', type: 'application/x-www-form-urlencoded' }],
  ['a bad query', 422, { path: at('/users?page=0') }],
];
beforeAll(() => api.signUp({ username: 'tester' }));

async function made({ as = 'nobody', body, ...sent }: Request): Promise<Sent> {
  return { ...sent, body: await scene.filled(body), token: scene.token(as) };
}

test.each(REQUESTS)('the answer to %s (%i) has an id of its own', async (_, status, sent) => {
  const [first, second] = [await ask(await made(sent)), await ask(await made(sent))];
  expect(first.status).toBe(status);
  expect(first.headers['x-request-id']).toMatch(UUID);
  expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
});

test.each(REQUESTS)('the log has one line with the request id of %s (%i)', async (_, status, sent) => {
  const { headers } = await ask(await made(sent));
  const id = headers['x-request-id'] as string;
  const lines = () => linesWith(api.program, `"request_id":"${id}"`).filter((line) => !line.includes('"audit"'));
  await until(() => lines().length > 0);
  expect(lines()).toHaveLength(1);
  expect(JSON.parse(lines()[0]!)).toMatchObject({ level: 30, method: sent.method ?? 'GET', status, request_id: id });
});

const PAGES = PUBLIC_READS.flatMap((read) => [
  { ...read, page: '' },
  ...(CURSOR_LISTS.includes(read) ? [{ ...read, page: '?after=' }] : []),
  ...(LISTS.includes(read) ? [{ ...read, page: '?page=2' }] : []),
]);

describe.each(PAGES)('$name$page', (read) => {
  let path: string;
  beforeAll(async () => {
    path = (await scene.request(read)).path + read.page;
  });

  test('may be kept by clients for a minute', async () => {
    const { status, headers, text } = await ask({ path });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=60', etag: expect.stringMatching(/^"[^"]+"$/) });
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect((await ask({ path, token: scene.user.token })).text).toBe(text);
  });

  test('is 304 for a client that has it', async () => {
    const { etag } = (await ask({ path })).headers;
    for (const known of [etag, `W/${etag}`, '*', `"x", ${etag}`]) {
      const { status, headers, text } = await ask({ path, headers: { 'if-none-match': known } });
      expect({ known, status, text }).toEqual({ known, status: 304, text: '' });
      expect(headers).toMatchObject({ etag, 'cache-control': 'public, max-age=60' });
    }
    for (const known of ['"x"', etag!.replaceAll('"', '')]) {
      expect((await ask({ path, headers: { 'if-none-match': known } })).status).toBe(200);
    }
  });

  test('has a head of the same headers', async () => {
    const [get, head] = [await ask({ path }), await ask({ path, method: 'HEAD' })];
    expect(head).toMatchObject({ status: 200, text: '' });
    for (const name of ['etag', 'cache-control', 'content-type', 'content-length'])
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
    const { etag } = get.headers;
    expect((await ask({ path, method: 'HEAD', headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

test('a change gives a profile another entity tag', async () => {
  const path = at('/users/ada');
  const before = (await ask({ path })).headers.etag;
  await ask({ path, method: 'PATCH', body: { name: 'Augusta' }, token: scene.user.token });
  const after = await ask({ path, headers: { 'if-none-match': before } });
  expect(after.status).toBe(200);
  expect(JSON.parse(after.text)).toMatchObject({ name: 'Augusta' });
});

test.each(REQUESTS.filter(([, status, { as }]) => as || status !== 200))(
  'the answer to %s (%i) is kept by nobody',
  async (_, __, sent) => {
    const { headers } = await ask({ ...(await made(sent)), headers: { 'if-none-match': '*' } });
    expect(headers['cache-control']).toBe('no-store');
  },
);

test('sign-in and deletion are kept by nobody', async () => {
  const user = await api.signUp();
  const login = await api.http.post(at('/auth/login')).send({ username: user.username, password: 'wrong' });
  const deleted = await leave(user).expect(204);
  for (const { headers } of [login, deleted]) expect(headers['cache-control']).toBe('no-store');
});
