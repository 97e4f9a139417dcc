import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import {
  createDatabase,
  type Environment,
  environment,
  type Program,
  start,
  type TestDatabase,
} from '../support/program.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';

const ROOT = join(__dirname, '../..');
// Checks take 5 s at most, and those of services are made together.
const LONGEST_MILLISECONDS = 20_000;

let database: TestDatabase;
let bare: TestDatabase;
let folder: string;
// A server that is none of ours: it takes connections and says nothing.
let silent: Server;
let silentPort: number;
beforeAll(async () => {
  [database, bare] = await Promise.all([createDatabase(), createDatabase('template1')]);
  folder = cloned('node_modules', 'dist');
  silent = createServer();
  await new Promise<void>((done) => silent.listen(0, '0.0.0.0', done));
  silentPort = (silent.address() as { port: number }).port;
});
afterAll(async () => {
  silent.close();
  await Promise.all([database.drop(), bare.drop()]);
});

const folders: string[] = [];
afterAll(() => folders.forEach((one) => rmSync(one, { recursive: true })));

/** A folder with the files that a clone has, and with these, which it has not. */
function cloned(...more: string[]): string {
  const clone = mkdtempSync(join(tmpdir(), 'api-doctor-'));
  folders.push(clone);
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(ROOT, file), join(clone, file));
  for (const name of ['scripts', ...more]) symlinkSync(join(ROOT, name), join(clone, name));
  return clone;
}

/** What it finds, by name: a status, a line and, below it, what to do. */
async function examine(env: Environment, cwd = folder): Promise<{ code: number; found: Record<string, string> }> {
  const [code, output, errors] = await new Promise<[number, string, string]>((done) => {
    execFile(process.execPath, ['scripts/doctor.mjs'], { cwd, env }, (error, stdout, stderr) =>
      done([Number(error?.code ?? 0), stdout, stderr]),
    );
  });
  expect(errors).toBe('');
  const findings = output.trim().split(/\n(?=\w)/);
  const parts = findings.map((one) => /^(ok|warning|problem) +(\w+(?: \w+)?)  +([^]+)$/.exec(one)!.slice(1));
  return { code, found: Object.fromEntries(parts.map(([status, name, text]) => [name, `${status}: ${text}`])) };
}

const sound = () => environment(database.url, { METRICS_PORT: '0' });

test('a sound system has no problem', async () => {
  const { code, found } = await examine(sound());
  expect(Object.entries(found).filter(([, text]) => !text.startsWith('ok: '))).toEqual([]);
  expect(Object.keys(found)).toHaveLength(14);
  expect(found.Database).toMatch(/^ok: PostgreSQL \d+\.\d+$/);
  expect(code).toBe(0);
});

test('without packages it says so, looks at what it can, and leaves nothing behind', async () => {
  const clone = cloned();
  const { code, found } = await examine({ PATH: process.env.PATH, PORT: String(silentPort) }, clone);
  expect(found).toMatchObject({
    Node: `ok: ${process.versions.node}`,
    Packages: expect.stringMatching(/^problem: not installed\n +→ .*npm ci/),
    Port: expect.stringMatching(/^problem: \d+ is taken\n +→ .*PORT/),
    Services: expect.stringMatching(/^warning: not checked\n/),
  });
  expect(code).toBe(1);
  expect(() => rmSync(join(clone, '.data'))).toThrow('ENOENT');
});

test('an empty setting is none, so that the database is the embedded one', async () => {
  const { found } = await examine({ PATH: process.env.PATH, POSTGRES_URL: '' });
  expect(found).toMatchObject({ Settings: 'ok: none wrong', Database: expect.stringMatching(/^ok: embedded/) });
});

test.each(['-1', '80.5', '65536'])('a port %s is left to the settings', async (PORT) => {
  const { found } = await examine({ ...sound(), PORT });
  expect(found).toMatchObject({
    Port: expect.stringMatching(/^warning: not checked/),
    Settings: expect.stringMatching(/^problem: 1 wrong\n +→ PORT: /),
  });
});

describe('of a build that is older than the lock file', () => {
  const SOURCES = ['src', 'migrations', 'tsconfig.json', 'nest-cli.json', '.swcrc'];

  test('it says so', async () => {
    const { found } = await examine(sound(), cloned('node_modules', 'dist', ...SOURCES));
    expect(found.Build).toBe('warning: older than the sources\n         → npm run build');
  });

  test('it does not mind where packages for development have been left out since', async () => {
    const clone = cloned('dist', ...SOURCES);
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
    };
    const kept = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
    mkdirSync(join(clone, 'node_modules'));
    const installed = JSON.stringify({ packages: Object.fromEntries(kept) });
    writeFileSync(join(clone, 'node_modules/.package-lock.json'), installed);
    const { found } = await examine(sound(), clone);
    expect(found.Packages).toMatch(/^ok: .*without/);
    expect(found.Build).toBe('ok: up to date');
  });
});

test('each wrong setting is a line', async () => {
  const { code, found } = await examine({ ...sound(), ENVIRONMENT: 'production', PORT: 'abc', BCRYPT_COST: '3' });
  expect(found.Settings).toMatch(/^problem: 3 wrong(\n +→ (PORT|BCRYPT_COST|SECRET_KEY): .+){3}$/);
  expect(code).toBe(1);
});

test('a database that nobody has migrated is a problem', async () => {
  const { code, found } = await examine({ ...sound(), POSTGRES_URL: bare.url });
  expect(found.Migrations).toMatch(/^problem: pending: (\w+\d, ){2,}the queue's\n +→ .*migrate/);
  expect(code).toBe(1);
});

test('a certificate that cannot be read is a problem', async () => {
  const { code, found } = await examine({ ...sound(), POSTGRES_URL: `${database.url}?sslrootcert=/none.pem` });
  expect(found.Database).toMatch(/^problem: cannot be reached: ENOENT.*none\.pem.*\n +→ .*POSTGRES_/);
  expect(code).toBe(1);
});

test('services that do not answer do not hold it up', async () => {
  const before = Date.now();
  const { code, found } = await examine({
    ...sound(),
    POSTGRES_URL: `postgres://me:canary@127.0.0.1:${silentPort}/app`,
    REDIS_CACHE_HOST: '127.0.0.1',
    REDIS_CACHE_PORT: String(silentPort),
    REDIS_QUEUE_HOST: '127.0.0.1',
    REDIS_QUEUE_PORT: '1',
  });
  expect(Date.now() - before).toBeLessThan(LONGEST_MILLISECONDS);
  expect(found).toMatchObject({
    Database: expect.stringMatching(/^problem: (cannot be reached|no answer).*\n +→ .*POSTGRES_/),
    Pooler: expect.stringMatching(/^warning: not checked/),
    Clock: expect.stringMatching(/^warning: not checked/),
    Migrations: expect.stringMatching(/^warning: not checked/),
    'Cache Redis': expect.stringMatching(/^problem: (cannot be reached|no answer)/),
    'Queue Redis': expect.stringMatching(/^problem: cannot be reached: .*ECONNREFUSED.*\n +→ .*REDIS_QUEUE_/),
  });
  expect(JSON.stringify(found)).not.toContain('canary');
  expect(code).toBe(1);
});

describe('of replicas', () => {
  const support = (name: string) => join(__dirname, '../support', name);
  let servers: string;
  let primary: Program;
  let replica: Program;
  beforeAll(async () => {
    servers = mkdtempSync(join(tmpdir(), 'api-doctor-'));
    chmodSync(servers, 0o755);
    const env = { PATH: process.env.PATH };
    const original = join(servers, 'primary');
    primary = await start(support('postgres.mjs'), env, [original]);
    replica = await start(support('replica-server.mjs'), env, [join(servers, 'replica'), primary.url, original]);
  });
  afterAll(async () => {
    await replica.stop();
    await primary.stop();
    rmSync(servers, { recursive: true });
  });

  test('each is looked at', async () => {
    const replicas = async (...urls: string[]) =>
      (await examine({ ...sound(), POSTGRES_REPLICA_URLS: urls.join(', ') })).found.Replicas;
    const away = 'postgres://me:canary@127.0.0.1:1/app';
    expect(await replicas(replica.url)).toBe('ok: 1 in recovery');
    expect(await replicas(replica.url, primary.url)).toMatch(
      /^problem: 127.0.0.1:\d+ is not a replica\n +→ .*REPLICA_URLS/,
    );
    expect(await replicas(replica.url, away)).toMatch(
      /^problem: 127.0.0.1:1 cannot be reached: .*ECONNREFUSED.*\n +→ /,
    );
  });
});

describeWithPgBouncer('of PgBouncer', () => {
  test.each([
    ['transaction', /^problem: a pooler in transaction mode .*\n +→ .*POSTGRES_/],
    ['session', /^ok: /],
  ])('in %s mode', async (pool_mode, finding) => {
    const pooler = await startPgBouncer(database.url, { pool_mode });
    const { found } = await examine({ ...sound(), POSTGRES_URL: pooler.url });
    await pooler.stop();
    expect(found.Pooler).toMatch(finding);
  });
});

describeWithRedis('of Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
    await redis.tell('CONFIG SET maxmemory-policy allkeys-lru');
  });
  afterAll(() => redis.kill());

  test('one that may drop what is queued is a problem for the queue alone', async () => {
    const [host, port] = ['127.0.0.1', String(redis.port)];
    const cache = { REDIS_CACHE_HOST: host, REDIS_CACHE_PORT: port };
    const { found } = await examine({ ...sound(), ...cache, REDIS_QUEUE_HOST: host, REDIS_QUEUE_PORT: port });
    expect(found).toMatchObject({
      'Cache Redis': expect.stringMatching(/^ok: Redis \d/),
      'Queue Redis': expect.stringMatching(/^problem: .*may drop tasks\n +→ .*noeviction/),
    });
  });
});
