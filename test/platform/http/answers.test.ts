import { type Api, leave, PREFIX, useApi } from '../../support/api.js';
import { inviteEveryone, type People } from '../../support/body-routes.js';
import { send, type Sent } from '../../support/raw.js';
import { linesWith, until } from '../../support/program.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let api: Api;
let people: People;
let ask: (sent: Sent) => ReturnType<typeof send>;
beforeAll(async () => {
  api = await useApi();
  people = await inviteEveryone(api);
  ask = (sent) => send(api.program.url, sent);
});
afterAll(() => api.stop());

const at = (path: string) => PREFIX + path;
const REQUESTS: [string, number, Sent & { as?: 'ada' | 'superuser' }][] = [
  ['a list', 200, { path: at('/posts') }],
  ['a head', 200, { path: at('/posts'), method: 'HEAD' }],
  ['an own account', 200, { path: at('/users/me'), as: 'ada' }],
  ['a change', 200, { path: at('/users/ada/posts/1'), method: 'PATCH', body: {}, as: 'ada' }],
  ['a new post', 201, { path: at('/users/ada/posts'), method: 'POST', body: { title: 'New', text: '!' }, as: 'ada' }],
  [
    'a task',
    202,
    { path: at('/tasks'), method: 'POST', body: { name: 'sample', payload: { message: 'x' } }, as: 'ada' },
  ],
  ['accounts', 200, { path: at('/admin/users'), as: 'superuser' }],
  ['a malformed body', 400, { path: at('/users'), method: 'POST', body: '{' }],
  ['a malformed path', 400, { path: at('/users/%ff') }],
  ['no token', 401, { path: at('/users/me') }],
  ['somebody else', 403, { path: at('/admin/users'), as: 'ada' }],
  ['an unknown post', 404, { path: at('/posts/99') }],
  ['an unknown path', 404, { path: '/nope' }],
  ['a wrong method', 405, { path: at('/posts'), method: 'PUT' }],
  ['a name that is taken', 409, { path: at('/users/ada'), method: 'PATCH', body: { username: 'tester' }, as: 'ada' }],
  [
    'a stale change',
    412,
    { path: at('/users/ada/posts/1'), method: 'PATCH', body: {}, headers: { 'if-match': '"x"' }, as: 'ada' },
  ],
  ['a form', 415, { path: at('/users'), method: 'POST', body: 'a=b', type: 'application/x-www-form-urlencoded' }],
  ['a bad query', 422, { path: at('/posts?page=0') }],
];
beforeAll(() => api.signUp({ username: 'tester' }));

const withToken = ({ as, ...sent }: Sent & { as?: 'ada' | 'superuser' }): Sent => ({
  ...sent,
  ...(as && { token: people.tokens[as] }),
});

test.each(REQUESTS)('the answer to %s (%i) has an id of its own', async (_, status, sent) => {
  const [first, second] = [await ask(withToken(sent)), await ask(withToken(sent))];
  expect(first.status).toBe(status);
  expect(first.headers['x-request-id']).toMatch(UUID);
  expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
});

test.each(REQUESTS)('the log has one line with the request id of %s (%i)', async (_, status, sent) => {
  const { headers } = await ask(withToken(sent));
  const id = headers['x-request-id'] as string;
  const lines = () => linesWith(api.program, `"request_id":"${id}"`).filter((line) => !line.includes('"audit"'));
  await until(() => lines().length > 0);
  expect(lines()).toHaveLength(1);
  expect(JSON.parse(lines()[0]!)).toMatchObject({ level: 30, method: sent.method ?? 'GET', status, request_id: id });
});

const PUBLIC = ['/posts', '/posts?after=', '/posts/1', '/users', '/users?page=2', '/users/ada', '/users/ada/posts'].map(
  at,
);
PUBLIC.push(at('/users/ada/posts/1'));

describe.each(PUBLIC)('GET %s', (path) => {
  test('may be kept by clients for a minute', async () => {
    const { status, headers, text } = await ask({ path });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=60', etag: expect.stringMatching(/^"[^"]+"$/) });
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect((await ask({ path, token: people.tokens.ada })).text).toBe(text);
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

test('a change gives a post another entity tag', async () => {
  const path = at('/users/ada/posts/1');
  const before = (await ask({ path })).headers.etag;
  const text = `changed at ${Date.now()}`;
  await ask({ path, method: 'PATCH', body: { text }, token: people.tokens.ada });
  const after = await ask({ path, headers: { 'if-none-match': before } });
  expect(after.status).toBe(200);
  expect(JSON.parse(after.text)).toMatchObject({ text });
});

test.each(REQUESTS.filter(([, , { path, as }]) => as || !PUBLIC.includes(path)))(
  'the answer to %s (%i) is kept by nobody',
  async (_, __, sent) => {
    const { headers } = await ask({ ...withToken(sent), headers: { 'if-none-match': '*' } });
    expect(headers['cache-control']).toBe('no-store');
  },
);

test('sign-in and deletion are kept by nobody', async () => {
  const user = await api.signUp();
  const login = await api.http.post(at('/auth/login')).send({ username: user.username, password: 'wrong' });
  const deleted = await leave(user).expect(204);
  for (const { headers } of [login, deleted]) expect(headers['cache-control']).toBe('no-store');
});
