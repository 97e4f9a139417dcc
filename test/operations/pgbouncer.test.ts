import { type Api, startApi } from '../support/api.js';
import { listeners } from '../support/notifications.js';
import { describeWithPgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import {
  createDatabase,
  databaseAt,
  environment,
  finish,
  start,
  type TestDatabase,
  until,
} from '../support/program.js';

const IGNORED = { ignore_startup_parameters: 'options,statement_timeout,extra_float_digits' };

describeWithPgBouncer('through PgBouncer', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  /** One line that says what is wrong and what to do. */
  async function expectRefusal(entry: string, url: string, reason: RegExp): Promise<void> {
    const { code, output } = await finish(entry, environment(url));
    const lines = output.split('\n').filter((line) => line && !line.startsWith('{'));
    expect({ entry, code, lines }).toEqual({ entry, code: 1, lines: [expect.stringMatching(reason)] });
    expect(lines[0]).toContain('session mode');
  }

  test.each([
    ['transaction mode', { pool_mode: 'transaction', ...IGNORED }, /a pooler in transaction mode/],
    ['its usual settings', {}, /a pooler .* unsupported startup parameter/],
  ])('in %s no program starts, and each says why in a line', async (_, settings, reason) => {
    const pooler = await startPgBouncer(database.url, settings);
    await Promise.all(['main', 'worker', 'migrate'].map((entry) => expectRefusal(entry, pooler.url, reason)));
    await pooler.stop();
  });

  test('one that gives its connections out in turn is found out as well', async () => {
    const settings = { pool_mode: 'transaction', server_round_robin: '1', ...IGNORED };
    const pooler = await startPgBouncer(database.url, settings);
    // With two of them, two clients that take turns would each get the same one every time.
    const busy = databaseAt(pooler.url);
    await Promise.all([1, 2].map(() => busy.query('SELECT pg_sleep(0.5)')));
    await busy.drop();
    await expectRefusal('migrate', pooler.url, /a pooler in transaction mode/);
    await pooler.stop();
  });

  test('a replica behind it is not asked, and the log says why', async () => {
    const pooler = await startPgBouncer(database.url, { pool_mode: 'transaction', ...IGNORED });
    const program = await start('main', environment(database.url, { POSTGRES_REPLICA_URLS: pooler.url }));
    await until(() => program.output().includes('is unusable: a pooler in transaction mode'));
    expect((await fetch(`${program.url}/api/v1/posts`)).status).toBe(200);
    expect(await program.stop()).toBe(0);
    await pooler.stop();
  });

  test('in session mode the API does what it does without', async () => {
    let pooler: Awaited<ReturnType<typeof startPgBouncer>> | undefined;
    const api: Api = await startApi({}, async (url) => {
      pooler = await startPgBouncer(url, { pool_mode: 'session', ...IGNORED });
      return pooler.url;
    });
    const ada = await api.signUp();
    await until(async () => (await listeners(api.database)).length === 1);
    await ada.agent.get('/api/v1/posts').expect(200);
    await pooler!.stop();
    await api.stop();
  });
});
