/** How many SQL statements each route costs, uncached, for a caller who is known: BEGIN, COMMIT and NOTIFY count too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, startApi, type User } from '../../support/api.js';
import { until } from '../../support/program.js';
import { type Received, send, type Sent } from '../../support/raw.js';
import { LISTS, type Route, ROUTES } from '../../support/routes.js';
import { makeRow, newScene, type PlayedScene } from '../../support/scenes.js';
import { listenIn, type Wire } from '../../support/statements.js';

const STRAY_MILLISECONDS = 30;
const TRIES = 3;

let wire: Wire;
let api: Api;
let root: User;
beforeAll(async () => {
  wire = await listenIn();
  api = await startApi({ CACHE_ENABLED: 'false' }, wire.through);
  root = await api.superuser();
  await until(
    async () => (await statementsOf({ path: `${PREFIX}/users/me`, token: root.token })).statements.length === 0,
  );
});
afterAll(async () => {
  await api.stop();
  await wire.close();
});

/** What a request makes the API send, also just after its answer. */
async function statementsOf(sent: Sent): Promise<{ answer: Received; statements: string[] }> {
  wire.statements();
  const answer = await send(api.program.url, sent);
  await sleep(STRAY_MILLISECONDS);
  return { answer, statements: wire.statements() };
}

/** The request, of a page that others follow where it is a list. */
async function preparedFor(route: Route, scene: PlayedScene, rows = 1): Promise<Sent> {
  for (let row = 0; route.lists && row <= rows; row++) await makeRow(route.lists, scene);
  const sent = await scene.ready(route);
  return route.lists ? { ...sent, path: `${sent.path}?items_per_page=${rows}` } : sent;
}

/** Has the API look up who is asking, and keep it. */
async function makeKnown({ token }: Pick<Sent, 'token'>): Promise<void> {
  if (token) await send(api.program.url, { path: `${PREFIX}/users/me`, token });
}

/**
 * What a request of the route costs. What was prepared for it is also told to this process by PostgreSQL, perhaps as late
 * as this, and then the caller is looked up once more: it is measured again, with rows of its own.
 */
async function measured(route: Route, rows?: number): Promise<{ answer: Received; statements: string[] }> {
  for (let tries = 1; ; tries++) {
    const sent = await preparedFor(route, await newScene(api, root), rows);
    await makeKnown(sent);
    const seen = await statementsOf(sent);
    if (seen.statements.length === route.statements || tries === TRIES) return seen;
  }
}

test.each(ROUTES)('$name costs what its domain says', async (route) => {
  const { answer, statements } = await measured(route);
  const seen = { status: answer.status, count: statements.length, statements };
  expect(seen).toEqual({ status: route.status, count: route.statements, statements });
});

test.each(LISTS)('$name costs as much for a hundred rows as for one', async (list) => {
  const { answer, statements } = await measured(list, 100);
  const { data } = JSON.parse(answer.text) as { data: object[] };
  expect({ rows: data.length, count: statements.length }).toEqual({ rows: 100, count: list.statements });
});

test('a change that needs no password costs five', async () => {
  const { username, token } = await api.signUp();
  await makeKnown({ token });
  const path = `${PREFIX}/users/${username}`;
  const { statements } = await statementsOf({ method: 'PATCH', path, token, body: { name: 'Grace' } });
  expect(statements).toHaveLength(5);
});

test.each([
  ['/users?items_per_page=100', false],
  ['/tasks', true],
])('what %s may hold is measured: %s', async (path, isMeasured) => {
  const { statements } = await statementsOf({ path: PREFIX + path, token: root.token });
  expect(statements.some((statement) => statement.includes('row_to_json'))).toBe(isMeasured);
});
