/** How many SQL statements each route costs, uncached, for a caller who is known: BEGIN, COMMIT and NOTIFY count too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PASSWORD, PREFIX, startApi, type User, writePost } from '../../support/api.js';
import { Contract } from '../../support/openapi.js';
import { until } from '../../support/program.js';
import { type Received, send, type Sent } from '../../support/raw.js';
import { signIn, type Tokens } from '../../support/sessions.js';
import { listenIn, type Wire } from '../../support/statements.js';

const STRAY_MILLISECONDS = 30;

/** A user of the test's own, with a post, a second session and a task. */
interface Scene {
  user: User;
  post_id: number;
  session: Tokens;
  session_id: number;
  task_id: number;
}

interface Cost {
  statements: number;
  status?: number;
  as?: 'nobody' | 'user' | 'superuser';
  body?: (scene: Scene) => object;
  /** What has become of the task ($1) before. */
  before?: string;
}

const post = { title: 'A title', text: 'Some text' };
const account = () => ({ name: 'Grace', username: `grace${++names}`, email: `grace${names}@example.com` });
let names = 0;
const EXPORTED = `
  WITH exported AS (UPDATE task SET name = 'account_export', status = 'completed' WHERE id = $1)
  INSERT INTO user_export_part (task_id, place, text) VALUES ($1, 0, '{}')`;

const COSTS: Record<string, Cost> = {
  'POST /auth/login': {
    statements: 8,
    as: 'nobody',
    body: ({ user }) => ({ username: user.username, password: PASSWORD }),
  },
  'POST /auth/refresh': { statements: 4, as: 'nobody', body: ({ session: { refresh_token } }) => ({ refresh_token }) },
  'POST /auth/logout': { statements: 4, status: 204 },
  'POST /auth/logout-all': { statements: 4, status: 204 },
  'GET /auth/sessions': { statements: 1 },
  'DELETE /auth/sessions/{session_id}': { statements: 4, status: 204 },
  'POST /auth/password': {
    statements: 8,
    status: 204,
    body: () => ({ current_password: PASSWORD, new_password: 'Difference-Engine-1822' }),
  },
  'POST /users': { statements: 2, status: 201, as: 'nobody', body: () => ({ ...account(), password: PASSWORD }) },
  'GET /users': { statements: 2, as: 'nobody' },
  'GET /users/me': { statements: 0 },
  'GET /users/{username}': { statements: 1, as: 'nobody' },
  'PATCH /users/{username}': { statements: 5, body: () => ({ name: 'Grace' }) },
  'DELETE /users/{username}': { statements: 12, status: 204, body: () => ({ current_password: PASSWORD }) },
  'POST /users/{username}/posts': { statements: 5, status: 201, body: () => post },
  'GET /users/{username}/posts': { statements: 1, as: 'nobody' },
  'GET /users/{username}/posts/{post_id}': { statements: 1, as: 'nobody' },
  'PATCH /users/{username}/posts/{post_id}': { statements: 6, body: () => post },
  'DELETE /users/{username}/posts/{post_id}': { statements: 3, status: 204 },
  'GET /posts': { statements: 2, as: 'nobody' },
  'GET /posts/{post_id}': { statements: 1, as: 'nobody' },
  'POST /tasks': { statements: 1, status: 202, body: () => ({ name: 'sample', payload: { message: 'hello' } }) },
  'GET /tasks': { statements: 1 },
  'GET /tasks/{task_id}': { statements: 1 },
  'DELETE /tasks/{task_id}': { statements: 2, status: 204 },
  'GET /tasks/{task_id}/events': { statements: 2, before: "UPDATE task SET status = 'completed' WHERE id = $1" },
  'GET /users/me/exports/{task_id}': { statements: 3, before: EXPORTED },
  'GET /admin/tasks': { statements: 2, as: 'superuser' },
  'GET /admin/tasks/{task_id}': { statements: 1, as: 'superuser' },
  'POST /admin/tasks/{task_id}/retry': {
    statements: 6,
    as: 'superuser',
    before: "UPDATE task SET status = 'failed' WHERE id = $1",
  },
  'DELETE /admin/tasks/{task_id}': { statements: 3, as: 'superuser', status: 204 },
  'GET /admin/users': { statements: 2, as: 'superuser' },
  'GET /admin/users/{username}': { statements: 1, as: 'superuser' },
  'PATCH /admin/users/{username}': { statements: 8, as: 'superuser', body: () => ({ name: 'Grace' }) },
  'DELETE /admin/users/{username}': { statements: 9, as: 'superuser', status: 204 },
  'POST /admin/users/{username}/restore': { statements: 5, as: 'superuser' },
  'DELETE /admin/posts/{post_id}': { statements: 4, as: 'superuser', status: 204 },
  'POST /admin/posts/{post_id}/restore': { statements: 2, as: 'superuser' },
};

let wire: Wire;
let api: Api;
let root: User;
beforeAll(async () => {
  wire = await listenIn();
  api = await startApi({ CACHE_ENABLED: 'false' }, wire.through);
  root = await api.superuser();
  await until(async () => (await statementsOf({ path: '/users/me', token: root.token })).statements.length === 0);
});
afterAll(async () => {
  await api.stop();
  await wire.close();
});

async function newScene(): Promise<Scene> {
  const user = await api.signUp();
  const session = await signIn(api.program.url, user.username);
  const { body: sessions } = await user.agent.get(`${PREFIX}/auth/sessions`).expect(200);
  const { id: post_id } = await writePost(user);
  const { body: task } = await user.agent
    .post(`${PREFIX}/tasks`)
    .send({ name: 'sample', payload: { message: 'hello' } })
    .expect(202);
  return { user, post_id, session, session_id: sessions.data[0].id, task_id: task.id };
}

/** What a request makes the API send, also just after its answer. */
async function statementsOf(sent: Sent): Promise<{ answer: Received; statements: string[] }> {
  wire.statements();
  const answer = await send(api.program.url, { ...sent, path: PREFIX + sent.path });
  await sleep(STRAY_MILLISECONDS);
  return { answer, statements: wire.statements() };
}

test('the table has every route of the document, and no other', async () => {
  const { text } = await send(api.program.url, { path: '/openapi.json' });
  const routes = new Contract(text).operations().map(({ route }) => route.replace(PREFIX, ''));
  expect(Object.keys(COSTS).toSorted()).toEqual(routes.toSorted());
});

test.each(Object.entries(COSTS))(
  '%s costs what the table says',
  async (route, { statements: expected, status = 200, as = 'user', body, before }) => {
    const scene = await newScene();
    if (before) await api.database.query(before, [scene.task_id]);
    const [method, template] = route.split(' ') as [string, string];
    const values: Record<string, unknown> = { ...scene, username: scene.user.username };
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
    const token = { nobody: undefined, user: scene.user.token, superuser: root.token }[as];
    if (token) await send(api.program.url, { path: `${PREFIX}/users/me`, token });
    const { answer, statements } = await statementsOf({ method, path, token, body: body?.(scene) });
    const count = statements.length;
    expect({ status: answer.status, count, statements }).toEqual({ status, count: expected, statements });
  },
);

test('a list costs as much for a hundred rows as for one', async () => {
  await fill(100);
  for (const path of [
    '/posts',
    '/users/admin/posts',
    '/users',
    '/auth/sessions',
    '/admin/users',
    '/tasks',
    '/admin/tasks',
  ]) {
    for (const rows of [1, 100]) {
      const { answer, statements } = await statementsOf({ path: `${path}?items_per_page=${rows}`, token: root.token });
      const { data } = JSON.parse(answer.text) as { data: object[] };
      expect({ path, rows: data.length }).toEqual({ path, rows });
      // Those that tell no total by themselves are counted, in a second one.
      expect(statements.length).toBeLessThanOrEqual(2);
    }
  }
});

/** So many users, and posts, sessions and tasks of the superuser. */
async function fill(count: number): Promise<void> {
  await api.database.query(
    `INSERT INTO "user" (name, username, email, hashed_password)
     SELECT 'Many', 'many' || n, 'many' || n || '@example.com', '' FROM generate_series(1, $1::int) n`,
    [count],
  );
  await api.database.query(
    `INSERT INTO post (title, text, created_by_user_id) SELECT 'Title', 'Text', $2 FROM generate_series(1, $1::int)`,
    [count, root.id],
  );
  await api.database.query(
    `INSERT INTO auth_session
       (user_id, family_hash, token_hash, user_agent, ip, last_used_at, idle_expires_at, expires_at)
     SELECT $2, 'family ' || n, 'token', '', '', now(), now() + '1 day', now() + '1 day'
     FROM generate_series(1, $1::int) n`,
    [count, root.id],
  );
  await api.database.query(
    `INSERT INTO task (name, payload, owner_user_id, relayed_at) SELECT 'sample', '{}', $2, now()
     FROM generate_series(1, $1::int)`,
    [count, root.id],
  );
}

test.each([
  ['/posts', false],
  ['/posts?after=', false],
  ['/posts?items_per_page=100', true],
  ['/users?items_per_page=100', false],
])('what %s may hold is measured: %s', async (path, isMeasured) => {
  wire.statements();
  await send(api.program.url, { path: PREFIX + path });
  expect(wire.statements().some((statement) => statement.includes('row_to_json'))).toBe(isMeasured);
});
