import { connect } from 'node:net';
import { type Api, PREFIX, useApi, type User } from '../../support/api.js';
import { expectAllRefused, expectProblem, expectRefused, send } from '../../support/raw.js';
import { CURSOR_LISTS, DOCUMENT, LISTS, ROUTES } from '../../support/routes.js';
import { makeRow, newScene, type PlayedScene } from '../../support/scenes.js';

let api: Api;
let root: User;
let scene: PlayedScene;
let roots: PlayedScene;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  scene = await newScene(api, root, await api.signUp({ username: 'ada' }));
  roots = await newScene(api, root, root);
  for (const { lists } of LISTS) await makeRow(lists!, roots);
});
afterAll(() => api.stop());

const BAD_QUERIES = [
  ...['0', '-1', '1e9', 'NaN', '1.5', '', '%20', '0x10', '+1', '%D9%A1', 'null', '99999999999999999999'].map(
    (value) => `page=${value}`,
  ),
  ...['0', '101', '1e6', '-1', '10.0', '', 'all'].map((value) => `items_per_page=${value}`),
  'page=1&page=2',
  'page=1&page=1',
  'items_per_page=1&items_per_page=2',
  'page[]=1',
  'page[a]=1',
  'surprise=1',
  'page=1&surprise',
  '__proto__=1',
  'constructor=1',
  'toString=1',
  'hashed_password=x',
  'page=1%00',
  'a%00b=1',
];

const list = async (template: string, query: string) => ({
  path: `${PREFIX}${await roots.filled(template)}?${query}`,
  token: root.token,
});

const refuses = (template: string, queries: string[]) =>
  expectAllRefused(
    api,
    queries.map((query) => [query, list(template, query)]),
    422,
    'validation_failed',
  );

describe.each(LISTS)('$name', ({ template }) => {
  test('a bad query is 422', () => refuses(template, BAD_QUERIES));

  test.each(['page=10001&items_per_page=1', 'page=1001', 'page=101&items_per_page=100'])(
    '?%s, as far as rows are skipped, is an empty page',
    async (query) => {
      const { status, text } = await send(api.program.url, await list(template, query));
      expect(status).toBe(200);
      const page = JSON.parse(text) as { total_count: number };
      expect(page).toMatchObject({ data: [], has_more: false, page: Number(/\d+/.exec(query)![0]) });
      expect(page.total_count).toBeGreaterThan(0);
    },
  );

  test.each([
    'page=10002&items_per_page=1',
    'page=1002',
    'page=102&items_per_page=100',
    'page=1000000',
    `page=${Number.MAX_SAFE_INTEGER}`,
    `page=${Number.MAX_SAFE_INTEGER}&items_per_page=100`,
  ])('?%s would skip too many rows', async (query) => {
    const received = await send(api.program.url, await list(template, query));
    expectProblem(received, 422, 'validation_failed');
    const { errors } = JSON.parse(received.text) as { errors: object[] };
    const message = 'page must not skip more than 10000 rows: use after instead';
    expect(errors).toEqual([{ field: 'page', message }]);
  });
});

test('a query of 101 parameters is more than is read', async () => {
  const query = Array.from({ length: 101 }, (_, n) => `p${n}`).join('&');
  await expectRefused(api, { path: `${PREFIX}/users?${query}` }, 400, 'malformed_request');
});

describe.each(CURSOR_LISTS)('$name', ({ template }) => {
  test('a made-up cursor is 422', () => {
    const cursors = ['%00', '!', 'MA&after=MA', 'MA', 'LTE', 'A', 'OTk5OTk5OTk5OTk5OTk5OTk5OTk'];
    return refuses(
      template,
      cursors.map((cursor) => `after=${cursor}`),
    );
  });
});

test.each(['is_deleted=1', 'is_deleted=', 'is_deleted=TRUE', 'is_deleted=true&is_deleted=false', 'is_deleted=%00'])(
  'accounts with ?%s are 422',
  async (query) => {
    const path = `${PREFIX}/admin/users?${query}`;
    await expectRefused(api, { path, token: root.token }, 422, 'validation_failed');
  },
);

const BAD_IDS = ['0', '-1', '2147483648', '9223372036854775807', '9223372036854775808', '9007199254740993', '1e3'];
BAD_IDS.push('0x10', 'abc', '01', '+1', '1.0', '%20', '1%20', '%EF%BC%91', '1;', 'null', '99'.repeat(40));
describe.each(ROUTES.filter(({ template }) => template.includes('_id}')))('$name', (route) => {
  const sent = async (id: string) => {
    const { path, ...request } = await scene.request({
      ...route,
      template: route.template.replace(/\{\w+_id\}/, 'ID'),
    });
    return { ...request, path: path.replace('ID', id) };
  };

  const refusesIds = (ids: string[], status: number | number[], code?: RegExp) =>
    expectAllRefused(
      api,
      ids.map((id) => [id, sent(id)]),
      status,
      code,
    );

  test('an id that no row can have is 404', () => refusesIds(BAD_IDS, 404, /^\w+_not_found$/));

  test('an id with a NUL byte, or that is not UTF-8, is refused', async () => {
    await refusesIds(['1%00'], [400, 404, 422]);
    await refusesIds(['%ff', '%ed%a0%80', '%c0%80', '%', '%zz', '1%f0%9f'], [400, 404]);
  });
});

const BAD_NAMES = ['ada%00', '%00', '%ff', '%ed%a0%80', '%', 'nobody', 'ADA', 'a'.repeat(90), '%F0%9F%98%80'];
BAD_NAMES.push("ada'--", '..%2f');
describe.each(ROUTES.filter(({ template }) => template.includes('{username}')))('$name', (route) => {
  const sent = (name: string) => scene.request({ ...route, template: route.template.replace('{username}', name) });

  test('a name that nobody can have is refused', () =>
    expectAllRefused(
      api,
      BAD_NAMES.map((name) => [name, sent(name)]),
      [400, 404, 422],
    ));
});

test.each(['/api', '/api/v1', '/api/v1/', '/api/v2/users', '/api/v1/nope', '/API/v1/users', '//api/v1/users'])(
  'the unknown path %s is 404',
  async (path) => {
    for (const method of ['GET', 'POST', 'DELETE'])
      await expectRefused(api, { method, path, ...(method === 'POST' && { body: {} }) }, 404, 'not_found');
  },
);

test.each([
  '/.env',
  '/api/v1/../../.env',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/docs/..%2f..%2fpackage.json',
  '/redoc/..%2fpackage.json',
])('the file %s is out of reach', async (path) => {
  const { status, text } = await send(api.program.url, { path });
  expect([400, 403, 404]).toContain(status);
  expect(text).not.toMatch(/root:|SECRET_KEY|"dependencies"/);
});

test('a method that a path does not take is 405 and told which it takes', async () => {
  const { paths } = DOCUMENT.root;
  expect(Object.keys(paths).length).toBeGreaterThan(5);
  for (const [template, item] of Object.entries(paths)) {
    const known = Object.keys(item).map((method) => method.toUpperCase());
    const allowed = known.includes('GET') ? [...known, 'HEAD'] : known;
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !allowed.includes(one))) {
      for (const body of [undefined, { title: 'Title' }, '{']) {
        const sent = { method, path: await scene.filled(template), body, token: root.token };
        const answer = await send(api.program.url, sent);
        expectProblem(answer, 405, 'method_not_allowed');
        expect({ method, template, allow: answer.headers.allow?.split(', ').toSorted() }).toEqual({
          method,
          template,
          allow: allowed.toSorted(),
        });
      }
    }
  }
});

test.each([
  ['that does not exist', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['without a host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['with a header of 20 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_480)}\r\n\r\n`, 431],
  ['with a length that is no number', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', 400],
])('what is not HTTP, like a request %s, is refused without a 5xx', async (_, bytes, status) => {
  const { port, hostname } = new URL(api.program.url);
  const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''));
  socket.end(bytes);
  let answer = '';
  for await (const part of socket.setEncoding('utf8')) answer += part as string;
  expect(answer.split('\r\n', 1)[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});
