/** What a database or a role sets for its sessions does not show. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PASSWORD, PREFIX, startApi } from '../../support/api.js';
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { createDatabase, databaseAt, environment, finish, type TestDatabase, until } from '../../support/program.js';
import { expectProblem, send } from '../../support/raw.js';
import { signIn } from '../../support/sessions.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const IDLE_MILLISECONDS = 3_000;
const STATEMENT_MILLISECONDS = 500;
const MORE_MILLISECONDS = 200;

const FOREIGN: [setting: string, value: string][] = [
  ['datestyle', 'German, DMY'],
  ['intervalstyle', 'sql_standard'],
  ['timezone', 'Asia/Kathmandu'],
  ['bytea_output', 'escape'],
  ['extra_float_digits', '-15'],
  ['standard_conforming_strings', 'off'],
  ['client_encoding', 'LATIN1'],
  ['transform_null_equals', 'on'],
  ['default_transaction_isolation', 'serializable'],
  ['lock_timeout', '1ms'],
  // These two hold until the first statement of a connection has set others, which a program that loads its modules may
  // send half a second late on a busy machine.
  ['idle_session_timeout', `${IDLE_MILLISECONDS}ms`],
  ['statement_timeout', `${STATEMENT_MILLISECONDS}ms`],
];

/** As close to a session as a server can set it: it wins over the database, and over the role. */
async function impose(database: TestDatabase, settings: [string, string][]): Promise<void> {
  const [row] = await database.query<{ name: string }>('SELECT current_database() AS name');
  for (const [setting, value] of settings) {
    await database.query(`ALTER ROLE CURRENT_USER IN DATABASE ${row!.name} SET ${setting} = '${value}'`);
  }
}

async function imposeAt(url: string, settings: [string, string][]): Promise<string> {
  const database = databaseAt(url);
  await impose(database, settings);
  await database.drop();
  return url;
}

/** Lets a statement that waits for a lock wait longer than a role may. */
async function letWait(database: TestDatabase): Promise<void> {
  await until(async () => (await waitingForLocks(database)) > 0);
  await sleep(STATEMENT_MILLISECONDS + MORE_MILLISECONDS);
}

describe('with settings that are not those of the program', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi({}, (url) => imposeAt(url, FOREIGN));
  });
  afterAll(() => api.stop());

  test('instants are RFC 3339 in UTC, in what is read and in what is written', async () => {
    const ada = await api.signUp();
    const before = Date.now();
    const task = { name: 'sample', payload: { message: 'hello' } };
    const { headers } = await ada.agent.post(`${PREFIX}/tasks`).send(task).expect(202);
    const { body: read } = await ada.agent.get(headers.location!).expect(200);
    const { body: page } = await ada.agent.get(`${PREFIX}/tasks`).expect(200);
    const { body: me } = await ada.agent.get(`${PREFIX}/users/me`).expect(200);
    const { body: sessions } = await ada.agent.get(`${PREFIX}/auth/sessions`).expect(200);
    const instants = [read, page.data[0], me, sessions.data[0]].map(({ created_at }) => created_at as string);
    expect(instants.map((one) => INSTANT.test(one) || one)).toEqual(instants.map(() => true));
    expect(Math.abs(Date.parse(instants[0]!) - before)).toBeLessThan(10_000);
  });

  test('sessions are refreshed, names and texts come back as they were sent', async () => {
    const grace = await api.signUp({ name: 'Grace Ünïcode 漢字' });
    const { refresh_token } = await signIn(api.program.url, grace.username);
    const cookie = `refresh_token=${refresh_token}`;
    const refreshed = await send(api.program.url, {
      path: `${PREFIX}/auth/refresh`,
      method: 'POST',
      headers: { cookie },
    });
    expect(refreshed.status).toBe(200);
    const { body } = await grace.agent.get(`${PREFIX}/users/me`).expect(200);
    expect(body.name).toBe('Grace Ünïcode 漢字');
  });

  test('a task is queued, and wrong passwords are counted', async () => {
    const edsger = await api.signUp();
    await edsger.agent
      .post(`${PREFIX}/tasks`)
      .send({ name: 'sample', payload: { message: "it's" } })
      .expect(202);
    const body = { username: edsger.username, password: `${PASSWORD}-not` };
    for (let time = 0; time < 2; time++) await api.http.post(`${PREFIX}/auth/login`).send(body).expect(401);
    const rows = await api.database.query<{ failures: number }>(
      `SELECT failures FROM auth_failure WHERE split_part(key, ' ', 2) = $1`,
      [String(edsger.id)],
    );
    // Those of the account, and those of the account from this address.
    expect(rows).toEqual([{ failures: 2 }, { failures: 2 }]);
  });

  test('a statement waits for a lock as long as it has to', async () => {
    const ada = await api.signUp();
    const release = await holdLocks(api.database, `SELECT 1 FROM "user" WHERE id = ${ada.id} FOR UPDATE`);
    const changed = ada.agent.patch(`${PREFIX}/users/${ada.username}`).send({ name: 'Changed' });
    const status = changed.then((answer) => answer.status);
    await letWait(api.database);
    await release();
    expect(await status).toBe(200);
  });

  test('messages between processes go on: a session that ends is refused at once', async () => {
    const alan = await api.signUp();
    await api.database.query('UPDATE auth_session SET revoked_at = now() WHERE user_id = $1', [alan.id]);
    await api.database.query(`SELECT pg_notify('caller_changed', $1)`, [String(alan.id)]);
    await until(async () => (await alan.agent.get(`${PREFIX}/users/me`)).status === 401);
  });
});

test('migrations wait for another one, whatever time a role has for locks and statements', async () => {
  const database = await createDatabase();
  await impose(database, FOREIGN);
  const release = await holdLocks(database, 'SELECT pg_advisory_lock(7401884021)');
  const migrated = finish('migrate', environment(database.url));
  await letWait(database);
  await release();
  expect(await migrated).toEqual({ code: 0, output: 'the schema is up to date\n' });
  await database.drop();
});

test('migrations keep their lock, whatever time a role has for connections that say nothing', async () => {
  const database = await createDatabase();
  await impose(database, FOREIGN);
  const release = await holdLocks(database, 'LOCK TABLE migration IN ACCESS EXCLUSIVE MODE');
  const migrated = finish('migrate', environment(database.url));
  await until(async () => (await waitingForLocks(database)) > 0);
  await sleep(IDLE_MILLISECONDS + MORE_MILLISECONDS);
  await release();
  expect(await migrated).toEqual({ code: 0, output: 'the schema is up to date\n' });
  await database.drop();
});

test('where an operator has made a database read-only, writes are 503 and reads go on', async () => {
  const api = await startApi();
  const ada = await api.signUp();
  await impose(api.database, [['default_transaction_read_only', 'on']]);
  await api.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  await until(async () => (await api.http.get(`${PREFIX}/users`)).status === 200);
  const refused = await send(api.program.url, {
    path: `${PREFIX}/users/${ada.username}`,
    method: 'PATCH',
    token: ada.token,
    body: { name: 'Changed' },
  });
  expectProblem(refused, 503, 'database_unavailable');
  await api.stop();
});
