/** The board of the queues in production, where it has to be asked for, and the docs do not exist. */
import { type Api, startApi, type User } from '../../support/api.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import { expectChallenge, knownAs, newSuperuser, passOf, visit } from '../../support/docs-visits.js';
import type { Environment } from '../../support/program.js';
import { expectProblem, send } from '../../support/raw.js';

const BOARD = '/admin/queues';

let api: Api;
let plain: User;
let root: User;
let stylesheet: string;
beforeAll(async () => {
  api = await startApi({ ENVIRONMENT: 'production', ...DEPLOYED, BOARD_ENABLED: 'true' });
  plain = await api.signUp();
  root = await newSuperuser(api, await api.superuser());
  const { text } = await ask(BOARD, root.token);
  stylesheet = `${BOARD}/${/static\/css\/[\w.]+\.css/.exec(text)![0]}`;
});
afterAll(() => api.stop());

const ask = (path: string, token?: string, method = 'GET') => send(api.program.url, { path, token, method });

test.each(['', '/', '/queue/tasks', '/api/queues', '/static/css'])('%j below it is for superusers', async (below) => {
  const path = below === '/static/css' ? stylesheet : BOARD + below;
  for (const token of [undefined, 'nonsense']) expectChallenge(await ask(path, token), 'not_signed_in');
  expectProblem(await ask(path, plain.token), 403, 'superuser_only');
  const { status, headers } = await ask(path, root.token);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
});

test('a browser gets in with name and password, and goes on with the cookie', async () => {
  expect((await visit(api, { path: BOARD, authorization: knownAs(root.username) })).status).toBe(200);
  expect((await visit(api, { path: BOARD, authorization: knownAs(plain.username) })).status).toBe(401);
  const pass = await passOf(api, root, BOARD);
  expect((await visit(api, { path: `${BOARD}/api/queues`, pass })).status).toBe(200);
});

test('it shows the queues, those of a single task as well, to be read only', async () => {
  const { text } = await ask(`${BOARD}/api/queues`, root.token);
  const { queues } = JSON.parse(text) as { queues: { name: string; readOnlyMode: boolean }[] };
  expect(queues.map(({ name }) => name)).toEqual([
    'tasks',
    'maintenance',
    ...queues.slice(2).map(() => expect.stringMatching(/^tasks-\w+$/)),
  ]);
  expect(queues.filter(({ readOnlyMode }) => !readOnlyMode)).toEqual([]);
});

test.each([
  ['PUT', '/api/queues/tasks/pause'],
  ['PUT', '/api/queues/tasks/empty'],
  ['PUT', '/api/queues/tasks/clean/failed'],
  ['PUT', '/api/queues/tasks/obliterate'],
  ['POST', '/api/queues/tasks/add'],
  ['POST', ''],
  ['DELETE', '/api/queues'],
])('nothing is changed by %s %s', async (method, below) => {
  const { status } = await ask(BOARD + below, root.token, method);
  expect([404, 405]).toContain(status);
});

test('what there is not is 404', async () => {
  expect((await ask(`${BOARD}/api/queues/nope/job-1`, root.token)).status).toBe(404);
  expectProblem(await ask(`${BOARD}/static/nope.js`, root.token), 404, 'not_found');
});

describe('where nobody has asked for it', () => {
  test.each<[string, Environment, number]>([
    ['in production', { ENVIRONMENT: 'production', ...DEPLOYED }, 404],
    ['in staging with BOARD_ENABLED=false', { ENVIRONMENT: 'staging', ...DEPLOYED, BOARD_ENABLED: 'false' }, 404],
    ['in local with BOARD_ENABLED=false', { BOARD_ENABLED: 'false' }, 404],
    ['in local it is there', {}, 200],
  ])('%s', async (_, settings, status) => {
    const other = await startApi(settings);
    const answers = [BOARD, `${BOARD}/`, `${BOARD}/api/queues`].map((path) => send(other.program.url, { path }));
    expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual([status, status, status]);
    const authorization = knownAs('admin');
    expect((await visit(other, { path: BOARD, authorization })).status).toBe(status);
    if (status === 404) expectProblem(await send(other.program.url, { path: BOARD }), 404, 'not_found');
    await other.stop();
  });
});

describe('its limits', () => {
  let limited: Api;
  beforeAll(async () => {
    const limits = { DEFAULT_RATE_LIMIT_LIMIT: '30', AUTH_RATE_LIMIT_LIMIT: '4', TRUST_PROXY: '127.0.0.1' };
    limited = await startApi({ ENVIRONMENT: 'staging', ...DEPLOYED, ...limits });
  });
  afterAll(() => limited.stop());

  test('passwords that are tried, at whichever page, are counted by the strict limit', async () => {
    const attempt = (path: string, name: string) =>
      visit(limited, { path, address: '203.0.113.1', authorization: knownAs(name, 'Wrong-password') });
    const pages = [BOARD, '/docs', '/openapi.json', `${BOARD}/api/queues`];
    for (const [index, path] of pages.entries())
      expectChallenge(await attempt(path, `no${index}`), 'wrong_credentials');
    expectProblem(await attempt(BOARD, 'another'), 429, 'too_many_requests');
    const elsewhere = await visit(limited, { path: BOARD, address: '203.0.113.2', authorization: knownAs('another') });
    expectChallenge(elsewhere, 'wrong_credentials');
  });

  test('its pages are counted by the general limit, with everything else from there', async () => {
    const from = (path: string) => visit(limited, { path, address: '203.0.113.3' });
    for (let round = 0; round < 15; round++) {
      expect((await from(`${BOARD}/static/nope.js`)).status).toBe(401);
      expect((await from('/nope')).status).toBe(404);
    }
    for (const path of [BOARD, '/docs', '/nope', '/api/v1/users']) {
      expectProblem(await from(path), 429, 'too_many_requests');
    }
  });
});
