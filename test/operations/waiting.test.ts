/** What a process does when it starts and the database is not there yet, or not as it should be. */
import { createDatabase, environment, finish, freePort, start, type TestDatabase, until } from '../support/program.js';
import { holdLocks, waitingForLocks } from '../support/locks.js';
import { startProxy, type TcpProxy } from '../support/proxy.js';

const WAIT = { START_WAIT_SECONDS: '20' };

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

function at(port: number | string, url = new URL(database.url)): string {
  url.port = String(port);
  return url.href;
}

test('it waits for the database, and starts when that is there', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  proxy.become('gone');
  const starting = start('main', environment(at(proxy.port), WAIT));
  await until(() => proxy.turnedAway() > 1);
  proxy.become('open');
  const api = await starting;
  expect(api.output()).toContain('waiting for the database');
  expect((await fetch(`${api.url}/health/ready`)).status).toBe(200);
  expect(await api.stop()).toBe(0);
  proxy.close();
});

test('it waits no longer than it may', async () => {
  const { code, output } = await finish('worker', environment(at(await freePort()), { START_WAIT_SECONDS: '1' }));
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('the database cannot be reached') });
});

test.each<[string, RegExp, (proxy: TcpProxy, url: URL) => unknown]>([
  ['hangs', /timeout/, (proxy) => proxy.become('silent')],
  ['hangs up', /terminated unexpectedly|ECONNRESET/, (proxy) => proxy.become('gone')],
  ['has no such name', /nowhere\.invalid/, (_, url) => (url.hostname = 'nowhere.invalid')],
  ['does not speak TLS', /does not support SSL/, (_, url) => url.searchParams.set('sslmode', 'verify-full')],
])('a database that %s is one line', async (_, reason, spoil) => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const url = new URL(at(proxy.port));
  spoil(proxy, url);
  const { code, output } = await finish('worker', environment(url.href, { START_WAIT_SECONDS: '0' }));
  const lines = output.split('\n').filter((line) => line && !line.startsWith('{'));
  expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(reason)] });
  expect(lines[0]).toMatch(/^worker could not start: the database cannot be reached: .* \(POSTGRES_\*\)$/);
  proxy.close();
});

test('it does not wait for a database that refuses it', async () => {
  const url = new URL(database.url);
  url.pathname = '/no_such_database';
  const begun = Date.now();
  const { code, output } = await finish('migrate', environment(url.href, WAIT));
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('does not exist') });
  expect(Date.now() - begun).toBeLessThan(15_000);
});

test.each(['main', 'worker'])('%s refuses a schema that is behind', async (entry) => {
  const [last] = await database.query<{ id: number; name: string }>(
    'SELECT id, name FROM migration ORDER BY id DESC LIMIT 1',
  );
  await database.query('DELETE FROM migration WHERE id = $1', [last!.id]);
  const { code, output } = await finish(entry, environment(database.url));
  await database.query('INSERT INTO migration (id, timestamp, name) VALUES ($1, $2, $3)', [last!.id, 0, last!.name]);
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(`run migrate first: ${last!.name}`) });
});

test("it refuses a queue's schema that is behind", async () => {
  const own = await createDatabase();
  const migrations = await own.query('DELETE FROM bullmq.migration RETURNING *');
  expect(migrations.length).toBeGreaterThan(0);
  const { code, output } = await finish('worker', environment(own.url));
  await own.drop();
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("the queue's schema is behind") });
});

test('migrate ends with a line when it loses the connection that holds its lock', async () => {
  const release = await holdLocks(database, 'LOCK TABLE migration IN ACCESS EXCLUSIVE MODE');
  const ending = finish('migrate', environment(database.url));
  await until(async () => (await waitingForLocks(database)) > 0);
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database
     WHERE locktype = 'advisory' AND granted AND datname = current_database()`,
  );
  const { code, output } = await ending;
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^migrate failed: .*lock.*\n$/) });
  await release();
});

test.each(['migrate', 'create-superuser'])('%s waits for the database as well', async (entry) => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  proxy.become('gone');
  const finished = finish(entry, environment(at(proxy.port), WAIT));
  await until(() => proxy.turnedAway() > 1);
  proxy.become('open');
  expect(await finished).toMatchObject({ code: 0 });
  proxy.close();
});

test('a schema that is ahead is fine', async () => {
  await database.query(`INSERT INTO migration (timestamp, name) VALUES (0, 'OfALaterRelease')`);
  const [api, worker] = await Promise.all(['main', 'worker'].map((entry) => start(entry, environment(database.url))));
  expect((await fetch(`${api!.url}/health/ready`)).status).toBe(200);
  await Promise.all([api!.stop(), worker!.stop()]);
  await database.query(`DELETE FROM migration WHERE name = 'OfALaterRelease'`);
});
