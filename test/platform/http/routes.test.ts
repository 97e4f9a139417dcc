import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Api, PREFIX, useApi, type User } from '../../support/api.js';
import { expectProblem, send } from '../../support/raw.js';
import { type Route as Told, ROUTES } from '../../support/routes.js';

interface Route {
  method: string;
  path: string;
  handler: string;
  /** `public`, `signed in`, `superuser`, or the permission that it asks for. */
  access: string;
  summary?: string;
  inputs: { type: string | null; field: string | null; rules: number }[];
}

const SCRIPT = join(__dirname, '../../support/route-table.mjs');
const OUTSIDE = /^\/($|docs|redoc|openapi\.json|admin\/queues|mailbox|health\/(live|ready))(\/|$)/;

// Whoever opens a route to everyone says so in the facts of its domain, on purpose.
const namesOf = (caller: Told['as']) => ROUTES.filter(({ as }) => as === caller).map(nameOfTold);

let api: Api;
let plain: User;
let routes: Route[];
let served: { method: string; path: string }[];
beforeAll(async () => {
  api = await useApi();
  plain = await api.signUp({ username: 'ada' });
  const env = { ...api.env, LOG_LEVEL: 'silent' } as NodeJS.ProcessEnv;
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT], { env });
  ({ routes, served } = JSON.parse(stdout));
});
afterAll(() => api.stop());

function nameOfTold({ method, template }: Pick<Told, 'method' | 'template'>): string {
  return nameOf({ method, path: PREFIX + template.replace(/\{(\w+)\}/g, ':$1') });
}

function nameOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path}`;
}
const isClosed = ({ access }: Route) => access !== 'public' && access !== 'signed in';
const concrete = (path: string) => path.replace(':username', 'ada').replace(/:\w+/g, '1').replace(/\*$/, 'x');

const files = new Map(ROUTES.map(({ method, template, file }) => [nameOfTold({ method, template }), file]));

function call(route: { method: string; path: string }, token?: string) {
  const file = files.get(nameOf(route));
  const body = ['POST', 'PUT', 'PATCH'].includes(route.method) ? (file?.bytes ?? {}) : undefined;
  return send(api.program.url, { method: route.method, path: concrete(route.path), token, body, type: file?.type });
}

test('the table holds the routes of every controller', () => {
  expect(routes.length).toBeGreaterThanOrEqual(20);
  expect(new Set(routes.map(nameOf)).size).toBe(routes.length);
  const paths = served.map(nameOf);
  for (const route of routes) expect(paths).toContain(nameOf(route));
});

test('what Fastify serves beside the controllers is the docs, probes, heads and refusals', async () => {
  const known = new Set(routes.map(nameOf));
  const others = served.filter((route) => !known.has(nameOf(route)) && !OUTSIDE.test(route.path));
  expect(others.length).toBeGreaterThan(0);
  for (const route of others) {
    if (route.method === 'HEAD' && known.has(`GET ${route.path}`)) continue;
    expect({ route: nameOf(route), status: (await call(route)).status }).toEqual({ route: nameOf(route), status: 405 });
  }
});

test('only the routes that are meant to be are open to everyone', () => {
  const open = routes.filter(({ access }) => access === 'public').map(nameOf);
  expect(open.toSorted()).toEqual(namesOf('nobody').toSorted());
});

test('only the routes that are meant to be are closed to users as such', () => {
  const closed = routes.filter(isClosed).map(nameOf);
  expect(closed.toSorted()).toEqual(namesOf('superuser').toSorted());
});

test('everything under /admin is for superusers and holders of permissions', () => {
  const admin = routes.filter(({ path }) => path.startsWith(`${PREFIX}/admin`));
  expect(admin.length).toBeGreaterThan(0);
  expect(admin.filter((route) => !isClosed(route))).toEqual([]);
});

test('a route that is not public answers 401 without a token, before it looks at anything else', async () => {
  const closed = routes.filter(({ access }) => access !== 'public');
  expect(closed.length).toBeGreaterThan(0);
  for (const route of closed) {
    for (const method of route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]) {
      const answer = await call({ ...route, method });
      expect({ route: nameOf(route), method, status: answer.status }).toMatchObject({ status: 401 });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      if (method !== 'HEAD') expectProblem(answer, 401, 'not_signed_in');
    }
  }
});

test.each([
  ['that nobody signed', 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.AAAA'],
  ['without a signature', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'],
  ['that is none', 'nonsense'],
  ['that is empty', ''],
])('a token %s opens no route', async (_, token) => {
  for (const route of routes.filter(({ access }) => access !== 'public')) {
    expectProblem(await call(route, token), 401, 'not_signed_in');
  }
});

test('a route for superusers answers 403 to everyone else', async () => {
  for (const route of routes.filter(({ access }) => access === 'superuser')) {
    expectProblem(await call(route, plain.token), 403, 'superuser_only');
  }
});

test('a route for holders of a permission answers 403 to everyone else, and names the permission', async () => {
  const routesOfHolders = routes.filter((route) => isClosed(route) && route.access !== 'superuser');
  expect(routesOfHolders.length).toBeGreaterThan(0);
  for (const route of routesOfHolders) {
    const answer = await call(route, plain.token);
    expectProblem(answer, 403, 'permission_required');
    expect(JSON.parse(answer.text)).toMatchObject({ detail: `You need the permission ${route.access} to do this.` });
  }
});

test('every body and query has a class with rules at run time', () => {
  const inputs = routes.flatMap((route) => route.inputs.map((input) => ({ handler: route.handler, ...input })));
  expect(inputs.length).toBeGreaterThan(5);
  for (const input of inputs) {
    expect(input).toMatchObject({ type: expect.any(String), field: null });
    expect(['Object', 'Array', 'String', 'Number', 'Boolean', 'Function']).not.toContain(input.type);
    expect({ ...input, hasRules: input.rules > 0 }).toMatchObject({ hasRules: true });
  }
});

test('every route tells what it answers', () => {
  for (const { handler, summary } of routes)
    expect({ handler, summary }).toEqual({ handler, summary: expect.any(String) });
});
