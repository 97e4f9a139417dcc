/** Reads on streaming replicas that lag, hang and die. */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, PREFIX } from '../support/api.js';
import { LAB_API, LAB_MIGRATE, LAB_WORKER } from '../support/lab.js';
import { newProduct, pathOf, PRODUCTS } from '../support/products.js';
import {
  databaseAt,
  type Environment,
  environment,
  finish,
  freePort,
  type Program,
  start,
  type TestDatabase,
  until,
} from '../support/program.js';
import { listeners } from '../support/notifications.js';
import { type Received, send, type Sent } from '../support/raw.js';
import { hasProgram } from '../support/programs.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';

// What a replica may lag, and the second that it takes to find out.
const LAG_MILLISECONDS = 6_500;
// How long a hanging replica goes unnoticed: half a second until the next look, and one until that is given up.
const HANG_MILLISECONDS = 2_500;
const support = (name: string) => join(__dirname, '../support', name);

let folder: string;
let primary: Program;
let servers: Program[];
let replicas: TestDatabase[];
let database: TestDatabase;
/** One that keeps answers, and one that reads each anew. */
let cached: Program;
let uncached: Program;
let redis: TestRedis | undefined;
let settings: Environment;
let token: string;
let metricsPort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'api-replicas-'));
  chmodSync(folder, 0o755);
  const env = { PATH: process.env.PATH };
  primary = await start(support('postgres.mjs'), env, [join(folder, 'primary')]);
  expect((await finish(LAB_MIGRATE, environment(primary.url))).code).toBe(0);
  const copy = (name: string) =>
    start(support('replica-server.mjs'), env, [join(folder, name), primary.url, join(folder, 'primary')]);
  servers = [await copy('one'), await copy('two')];
  replicas = servers.map(({ url }) => databaseAt(url));
  database = databaseAt(primary.url);
  redis = hasProgram('redis-server') ? await startRedis() : undefined;
  settings = environment(primary.url, {
    POSTGRES_REPLICA_URLS: servers.map(({ url }) => url).join(', '),
    ...(redis && { REDIS_CACHE_HOST: '127.0.0.1', REDIS_CACHE_PORT: String(redis.port) }),
  });
  metricsPort = await freePort();
  [cached, uncached] = await Promise.all([
    start(LAB_API, settings),
    start(LAB_API, { ...settings, CACHE_ENABLED: 'false', METRICS_PORT: String(metricsPort) }),
  ]);
  await post('/users', { name: 'Ada', username: 'ada', email: 'ada@example.com', password: PASSWORD });
  const login = await ask(cached, {
    method: 'POST',
    path: '/auth/login',
    body: { username: 'ada', password: PASSWORD },
  });
  token = (JSON.parse(login.text) as { access_token: string }).access_token;
});

afterAll(async () => {
  await Promise.all([cached, uncached].map((program) => program?.stop()));
  await Promise.all([database, ...(replicas ?? [])].map((one) => one?.drop()));
  await redis?.kill();
  await Promise.all([...(servers ?? []), primary].map((server) => server?.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const agent = new Agent({ keepAlive: true });
const ask = (program: Program, { path, ...sent }: Sent): Promise<Received> =>
  send(program.url, { path: PREFIX + path, token, agent, ...sent });

async function read(program: Program, path: string): Promise<string> {
  const { status, text } = await ask(program, { path });
  expect({ path, status }).toEqual({ path, status: 200 });
  return text;
}

async function post(path: string, body: object): Promise<number> {
  const { status, text } = await ask(cached, { method: 'POST', path, body });
  expect({ path, status }).toEqual({ path, status: 201 });
  return (JSON.parse(text) as { id: number }).id;
}
/** A product of that name; its path. */
const make = async (name: string) => pathOf({ id: await post(PRODUCTS, newProduct({ name })) });
const change = async (path: string, body: object) =>
  expect(await ask(cached, { method: 'PATCH', path, body })).toMatchObject({ status: 200 });

/** While they are as they were when it began. */
async function whileTheyLag<T>(act: () => Promise<T>): Promise<T> {
  await Promise.all(replicas.map((replica) => replica.query('SELECT pg_wal_replay_pause()')));
  try {
    return await act();
  } finally {
    await Promise.all(replicas.map((replica) => replica.query('SELECT pg_wal_replay_resume()')));
  }
}

/** Whether a change by hand does not show yet: it was not the primary that answered. */
async function isOfReplica(path: string, program = uncached): Promise<boolean> {
  const text = randomUUID();
  await database.query('UPDATE lab_product SET description = $1', [text]);
  return !(await read(program, path)).includes(text);
}

test('an API tells how its replicas are, in their order, and a worker leaves them alone', async () => {
  for (const program of [cached, uncached]) {
    await until(async () => (await statesOf(program.url))?.join() === 'ready,ready');
    expect(program.output()).not.toContain('the replica');
  }
  const port = await freePort();
  const worker = await start(LAB_WORKER, { ...settings, METRICS_PORT: String(port) });
  expect(await statesOf(`http://127.0.0.1:${port}`)).toBeUndefined();
  for (const replica of replicas) expect(await replica.query(LOOKS)).toHaveLength(2);
  await worker.stop();
});

const LOOKS = `
  SELECT pid, extract(epoch FROM clock_timestamp() - state_change)::float8 * 1000 AS age FROM pg_stat_activity
  WHERE application_name LIKE '%(replicas)'`;

async function statesOf(url: string): Promise<string[] | undefined> {
  const answer = await fetch(`${url}/health/ready`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { checks: { replicas?: string[] } }).checks.replicas;
}

test('public reads go to replicas, and to the primary when these lag too much', async () => {
  const path = await make('Read');
  for (const one of [path, PRODUCTS, `${PRODUCTS}?after=`]) {
    await until(() => isOnReplicas(one));
  }
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(metrics).toMatch(/^database_reads_total{server="replica"} [1-9]/m);
  expect(metrics.match(/^database_replica_lag_seconds{.*} [0-4]\./gm)).toHaveLength(2);
  await whileTheyLag(async () => {
    expect(await isOfReplica(path)).toBe(true);
    await until(async () => !(await isOfReplica(path)), LAG_MILLISECONDS);
  });
});

function isOnReplicas(path: string, program?: Program): Promise<boolean> {
  return whileTheyLag(() => isOfReplica(path, program));
}

test('replicas do not lag behind a primary that begins a new file of its log and writes nothing', async () => {
  const segment = 16 * 1024 * 1024;
  const isAtBeginning = async () => (await positionOf(database)) % segment === FILE_HEADER_BYTES;
  // Now and then it writes by itself.
  await until(async () => {
    await database.query('SELECT pg_switch_wal()');
    await sleep(LAG_MILLISECONDS);
    return isAtBeginning();
  }, 60_000);
  expect(await statesOf(uncached.url)).toEqual(['ready', 'ready']);
});

const FILE_HEADER_BYTES = 40;

async function positionOf(server: TestDatabase): Promise<number> {
  const [row] = await server.query<{ lsn: number }>(`SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS lsn`);
  return row!.lsn;
}

test('a replica that refuses its reads or is of another database is told of, left alone, and asked when it is well', async () => {
  const path = await make('Refused');
  await database.query(`CREATE ROLE reader LOGIN PASSWORD 'test'`);
  await database.query('CREATE DATABASE other');
  const [one, other] = servers.map(({ url }) => new URL(url)) as [URL, URL];
  one.username = 'reader';
  other.pathname = '/other';
  await until(async () => (await replicas[0]!.query(`SELECT 1 FROM pg_roles WHERE rolname = 'reader'`)).length > 0);
  await until(async () => (await replicas[1]!.query(`SELECT 1 FROM pg_database WHERE datname = 'other'`)).length > 0);
  const program = await start(LAB_API, {
    ...settings,
    CACHE_ENABLED: 'false',
    POSTGRES_REPLICA_URLS: `${one.href}, ${other.href}`,
  });
  const states = async () => {
    await read(program, path);
    return (await statesOf(program.url))!.join();
  };
  try {
    await until(async () => (await states()) === 'unusable,unusable');
    await database.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader');
    await until(async () => (await states()) === 'ready,unusable');
    const told = () => program.output().match(/the replica .*?(?=")/g) ?? [];
    await until(() => told().length >= 3);
    expect(told()).toEqual([
      expect.stringMatching(/is unusable: .*another database$/),
      expect.stringMatching(/is unusable: permission denied for table \w+$/),
      expect.stringMatching(/is ready$/),
    ]);
    await until(() => isOnReplicas(path, program));
  } finally {
    await program.stop();
    await database.query('DROP OWNED BY reader');
    await database.query('DROP ROLE reader');
    await database.query('DROP DATABASE other');
  }
});

let items = 10;

/** Asks for a page that nobody has asked for, each time: now and then, as there are not many of them. */
function untilOnReplicas(program: Program): Promise<void> {
  return until(async () => {
    await sleep(200);
    return whileTheyLag(async () => {
      const text = randomUUID();
      await database.query('UPDATE lab_product SET description = $1', [text]);
      return !(await read(program, `${PRODUCTS}?items_per_page=${++items}`)).includes(text);
    });
  }, 5_000);
}

test('what was written shows at once, and soon in other processes, while replicas lag', async () => {
  const old = await make('Old');
  const paths = [old, PRODUCTS, '/users/ada', '/users'];
  await until(() => isOnReplicas(old));
  await whileTheyLag(async () => {
    const path = await make('New');
    const shows = (program: Program, one: string, what: string) =>
      read(program, one).then((text) => text.includes(what));
    for (const program of [cached, uncached]) {
      // Nobody has asked for it before.
      expect(await shows(program, path, '"New"')).toBe(true);
      await until(() => shows(program, PRODUCTS, '"New"'), 1_000);
    }
    await change(old, { name: 'Changed' });
    await change('/users/ada', { name: 'Augusta' });
    for (const one of paths) {
      const what = one.startsWith('/users') ? 'Augusta' : '"Changed"';
      expect([one, await shows(cached, one, what)]).toEqual([one, true]);
      await until(() => shows(uncached, one, what), 1_000);
    }
  });
});

test('a new user name shows wherever it is while replicas lag', async () => {
  const account = { username: 'bob', password: PASSWORD };
  await post('/users', { name: 'Bob', email: 'bob@example.com', ...account });
  const login = await ask(cached, { method: 'POST', path: '/auth/login', body: account });
  const own = { token: (JSON.parse(login.text) as { access_token: string }).access_token };
  const made = await ask(cached, { ...own, method: 'POST', path: PRODUCTS, body: newProduct({ name: 'Of Bob' }) });
  const path = pathOf(JSON.parse(made.text) as { id: number });
  await until(() => isOnReplicas(path));
  await whileTheyLag(async () => {
    const renamed = await ask(cached, { ...own, method: 'PATCH', path: '/users/bob', body: { username: 'rob' } });
    expect(renamed.status).toBe(200);
    for (const program of [cached, uncached]) {
      expect(await read(program, '/users/rob')).toContain('"Bob"');
      await until(async () => (await read(program, path)).includes('"rob"'), 1_000);
      await until(async () => (await ask(program, { path: '/users/bob' })).status === 404, 1_000);
    }
  });
});

test('no answer that a lagging replica gave is kept after a change', async () => {
  const path = await make('Kept');
  await untilOnReplicas(cached);
  for (let time = 0; time < 3; time++) {
    await until(() => isOnReplicas(path), 5_000);
    await whileTheyLag(async () => {
      const name = `Name ${time}`;
      // On their way while it changes.
      const early = [1, 2, 3].map((page) => read(cached, `${PRODUCTS}?items_per_page=${page}`));
      await change(path, { name });
      await Promise.all(early);
      const all = [path, PRODUCTS, ...[1, 2, 3].map((page) => `${PRODUCTS}?items_per_page=${page}`)];
      for (const one of all) expect([one, (await read(cached, one)).includes(name)]).toEqual([one, true]);
    });
  }
});

describeWithRedis('replicas and Redis', () => {
  test('what Redis keeps is right also where a process did not hear of the change', async () => {
    const path = await make('One');
    for (const program of [cached, uncached]) await untilOnReplicas(program);
    const known = await listeners(database);
    const deaf = await start(LAB_API, settings);
    try {
      await untilOnReplicas(deaf);
      const pids = (await listeners(database)).filter((pid) => !known.includes(pid));
      expect(pids).toHaveLength(1);
      await whileTheyLag(async () => {
        process.kill(pids[0]!, 'SIGSTOP');
        try {
          await change(path, { name: 'Unheard' });
          expect(await read(deaf, path)).toContain('"Unheard"');
        } finally {
          process.kill(pids[0]!, 'SIGCONT');
        }
      });
    } finally {
      await deaf.stop();
    }
  });
});

test('a replica that crashes and comes back in the past is not believed', async () => {
  const path = await make('Old name');
  const two = replicas[1]!;
  const id = path.split('/').at(-1);
  const name = async () =>
    (await two.query<{ name: string }>('SELECT name FROM lab_product WHERE id = $1', [id]))[0]?.name;
  const looks = () => two.query<{ pid: number; age: number }>(LOOKS);
  const known = new Set((await looks()).map(({ pid }) => pid));
  const program = await start(LAB_API, { ...settings, CACHE_ENABLED: 'false', POSTGRES_REPLICA_URLS: servers[1]!.url });
  try {
    await until(() => isOnReplicas(path, program));
    // To here it goes back, as nothing of what follows gets to its disk.
    await database.query('CHECKPOINT');
    await until(async () => (await two.query(IS_AFTER_CHECKPOINT, [await checkpointOf(database)])).length > 0);
    await two.query('CHECKPOINT');
    await configure(two, 'bgwriter_lru_maxpages = 0');
    await change(path, { name: 'New name' });
    // It will be further back than a replica may lag.
    await sleep(LAG_MILLISECONDS);
    expect(await name()).toBe('New name');
    // And there it stays: it follows no further than an hour ago.
    await configure(two, `recovery_min_apply_delay = '1h'`);
    const [backend] = await two.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await until(async () => (await looks()).some(({ pid, age }) => !known.has(pid) && age < 50));
    process.kill(backend!.pid, 'SIGKILL');
    await until(async () => (await name().catch(() => '')) === 'Old name');
    for (let time = 0; time < 100; time++) {
      expect(await read(program, path)).toContain('"New name"');
      await sleep(10);
    }
  } finally {
    await program.stop();
    await configure(two, 'recovery_min_apply_delay = 0');
    await until(async () => (await name()) === 'New name');
  }
});

const IS_AFTER_CHECKPOINT = 'SELECT 1 WHERE pg_last_wal_replay_lsn() > $1::pg_lsn';

async function checkpointOf(server: TestDatabase): Promise<string> {
  const [row] = await server.query<{ lsn: string }>('SELECT checkpoint_lsn AS lsn FROM pg_control_checkpoint()');
  return row!.lsn;
}

async function configure(server: TestDatabase, setting: string): Promise<void> {
  await server.query(`ALTER SYSTEM SET ${setting}`);
  await server.query('SELECT pg_reload_conf()');
}

test('under load one replica dies, then the other hangs: every read is answered, and what comes back is asked', async () => {
  const paths = [await make('Loaded'), PRODUCTS, '/users', '/users/ada', `${PRODUCTS}?after=`];
  const statuses: Record<number, number> = {};
  let slowest = 0;
  const over = new AbortController();
  const clients = Array.from({ length: 16 }, async (_, client) => {
    for (let round = client; !over.signal.aborted; round++) {
      const begin = performance.now();
      const { status } = await ask(uncached, { path: paths[round % paths.length]! });
      slowest = Math.max(slowest, performance.now() - begin);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  });
  await until(() => (statuses[200] ?? 0) > 100);
  const hangs = [postmaster('two'), ...(await pidsOf(replicas[1]!))];
  process.kill(postmaster('one'), 'SIGQUIT');
  await sleep(500);
  for (const pid of hangs) process.kill(pid, 'SIGSTOP');
  await until(() => uncached.output().includes('Query read timeout'));
  // Whoever still waits for it has waited too long.
  await sleep(HANG_MILLISECONDS);
  for (const pid of hangs) process.kill(pid, 'SIGCONT');
  over.abort();
  await Promise.all(clients);
  expect(Object.keys(statuses)).toEqual(['200']);
  expect(slowest).toBeLessThan(HANG_MILLISECONDS);
  expect(new Set(uncached.output().match(/the replica \S+ is away/g))).toHaveProperty('size', 2);
  await replicas.shift()!.drop();
  await until(() => isOnReplicas(PRODUCTS));
  for (const program of [cached, uncached]) expect(program.output()).not.toMatch(/"level":(50|60)/);
});

function postmaster(name: string): number {
  return Number(readFileSync(join(folder, name, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}

async function pidsOf(server: TestDatabase): Promise<number[]> {
  return (await server.query<{ pid: number }>('SELECT pid FROM pg_stat_activity')).map(({ pid }) => pid);
}
