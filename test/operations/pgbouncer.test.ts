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

  test('in transaction mode no program starts, each says why in a line, and nothing stays set for others', async () => {
    const pooler = await startPgBouncer(database.url, { pool_mode: 'transaction' });
    const reason = /a pooler in transaction mode/;
    await Promise.all(['main', 'worker', 'migrate'].map((entry) => expectRefusal(entry, pooler.url, reason)));
    const other = databaseAt(pooler.url);
    expect(await other.query('SHOW plan_cache_mode')).toEqual([{ plan_cache_mode: 'auto' }]);
    await other.drop();
    await pooler.stop();
  });

  test('one that gives its connections out in turn is found out as well', async () => {
    const settings = { pool_mode: 'transaction', server_round_robin: '1' };
    const pooler = await startPgBouncer(database.url, settings);
    // With two of them, two clients that take turns would each get the same one every time.
    const busy = databaseAt(pooler.url);
    await Promise.all([1, 2].map(() => busy.query('SELECT pg_sleep(0.5)')));
    await busy.drop();
    await expectRefusal('migrate', pooler.url, /a pooler in transaction mode/);
    await pooler.stop();
  });

  test('a replica behind it is not asked, and the log says why', async () => {
    const pooler = await startPgBouncer(database.url, { pool_mode: 'transaction' });
    const program = await start('main', environment(database.url, { POSTGRES_REPLICA_URLS: pooler.url }));
    await until(() => program.output().includes('is unusable: a pooler in transaction mode'));
    expect((await fetch(`${program.url}/api/v1/users`)).status).toBe(200);
    expect(await program.stop()).toBe(0);
    await pooler.stop();
  });

  test('in session mode the API does what it does without', async () => {
    let pooler: Awaited<ReturnType<typeof startPgBouncer>> | undefined;
    const api: Api = await startApi({}, async (url) => {
      pooler = await startPgBouncer(url, { pool_mode: 'session', default_pool_size: '50' });
      return pooler.url;
    });
    const ada = await api.signUp();
    await ada.agent.get('/api/v1/users/me').expect(200);
    await until(async () => (await listeners(api.database)).length === 1);
    await ada.agent
      .post('/api/v1/tasks')
      .send({ name: 'sample', payload: { message: 'x', seconds: 0 } })
      .expect(202);
    const worker = await start('worker', api.env);
    await until(async () => (await ada.agent.get('/api/v1/tasks/1')).body.status === 'completed');
    await worker.stop();
    expect(await finish('migrate', api.env)).toMatchObject({ code: 0 });
    await pooler!.stop();
    await api.stop();
  });
});
