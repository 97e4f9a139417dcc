/**
 * One throw-away PostgreSQL for the whole run, with a migrated template that suites clone, and for each of Jest's workers
 * an API that the suites without settings of their own use one after another. With `TEST_REPLICA=1` every program has a
 * streaming replica too, which lags; with `TEST_REDIS_URL` the cache and the queue are in that Redis.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../scripts/embedded-postgres.mjs';
import { buildLab } from './build-lab.mjs';
import tearDown from './global-teardown.mjs';
import { startReplica } from './replica.mjs';

// Several suites may each run several programs with a pool of ten.
const FLAGS = ['max_connections=300', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
// Only who asks for it waits for the replica.
const REPLICATED = ['synchronous_standby_names=*', 'synchronous_commit=local'];
const LAG = ['recovery_min_apply_delay=50ms'];
// Also while a server that was killed still writes.
const GONE = { recursive: true, force: true, maxRetries: 10 };
const DIST = join(import.meta.dirname, '../../dist/src');
const TESTS = join(import.meta.dirname, '..');
const settingsIn = (path) => JSON.parse(readFileSync(join(TESTS, path), 'utf8'));
// Each domain may add its own.
const SETTINGS = Object.assign(
  settingsIn('support/settings.json'),
  ...readdirSync(TESTS)
    .map((domain) => `${domain}/${domain}.settings.json`)
    .filter((path) => existsSync(join(TESTS, path)))
    .map(settingsIn),
);
// What suites may choose is the address that they come from, as by way of a proxy.
const SHARED = settingsIn('support/shared-settings.json');

export default async function setUp({ maxWorkers }) {
  const folder = mkdtempSync(join(tmpdir(), 'api-test-'));
  globalThis.testServer = { folder, apis: [] };
  process.env.TEST_SETTINGS = JSON.stringify(SETTINGS);
  try {
    await Promise.all([buildLab(), startServers(folder)]);
    process.env.TEST_ACCOUNT = JSON.stringify(await testAccount());
    await startApis(maxWorkers);
  } catch (error) {
    await tearDown();
    throw error;
  }
}

/** The account that suites sign in with, of the environment that the run was started in. */
async function testAccount() {
  const { settingsOf } = await import('../../dist/src/platform/config/settings.js');
  const { TestConfig } = await import('../../dist/test/support/test.config.js');
  return settingsOf(TestConfig);
}

async function startServers(folder) {
  chmodSync(folder, 0o755);
  // What suites and programs leave there goes with the run.
  process.env.TMPDIR = join(folder, 'tmp');
  mkdirSync(process.env.TMPDIR);
  process.once('exit', () => rmSync(folder, GONE));
  const isReplicated = process.env.TEST_REPLICA === '1';
  const home = join(folder, 'postgres');
  const flags = isReplicated ? [...FLAGS, ...REPLICATED] : FLAGS;
  const postgres = await startPostgres(home, { password: 'test', flags });
  globalThis.testServer.postgres = postgres;
  endWithUs(postgres.pid);
  if (isReplicated) globalThis.testServer.replica = await followed(postgres, home);
}

async function startApis(count) {
  const { folder, postgres, replica, apis } = globalThis.testServer;
  const databases = Array.from({ length: count }, (_, index) => `shared_${index + 1}`);
  const { PATH, TEST_REDIS_URL: redis = '' } = process.env;
  const env = { ...SETTINGS, ...SHARED, PATH, REDIS_CACHE_URL: redis, REDIS_QUEUE_URL: redis };
  await createDatabases(postgres, databases, { env, cwd: folder });
  const urlsOf = (database) => ({
    POSTGRES_URL: urlOf(postgres, database),
    POSTGRES_REPLICA_URLS: replica ? urlOf(replica, database) : '',
  });
  const starts = databases.map(async (database) =>
    apis.push(await startApi({ ...env, ...urlsOf(database) }, folder, database)),
  );
  const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  if (replica) process.env.TEST_REPLICA_URL = replica.url;
  process.env.TEST_SERVER_URL = postgres.url;
  // The suites of faults have no API to share.
  if (apis[0]) process.env.TEST_DOCUMENT = await keepDocument(apis[0], folder);
  process.env.TEST_APIS = JSON.stringify(apis.map(({ url, databaseUrl, log }) => ({ url, databaseUrl, log })));
}

/** Suites make tests of it, before any of their requests. */
async function keepDocument({ url }, folder) {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, await (await fetch(`${url}/openapi.json`)).text());
  return file;
}

async function createDatabases(postgres, databases, { env, cwd }) {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query('CREATE DATABASE template_test');
    const template = { ...env, POSTGRES_URL: urlOf(postgres, 'template_test') };
    execFileSync(process.execPath, [join(DIST, 'migrate.js')], { env: template, cwd });
    for (const database of databases) await client.query(`CREATE DATABASE ${database} TEMPLATE template_test`);
    await client.query('CREATE DATABASE template_lab TEMPLATE template_test');
    const lab = { ...env, POSTGRES_URL: urlOf(postgres, 'template_lab') };
    execFileSync(process.execPath, [join(DIST, '../test/lab/migrate.js')], { env: lab, cwd });
  } finally {
    await client.end();
  }
}

async function followed({ url }, folder) {
  const replica = await startReplica(`${folder}.replica`, { url, folder }, [...FLAGS, ...LAG]);
  endWithUs(replica.pid);
  return replica;
}

function urlOf({ url }, database) {
  const own = new URL(url);
  own.pathname = `/${database}`;
  return own.href;
}

function startApi(env, folder, name) {
  const log = join(folder, `${name}.log`);
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [join(DIST, 'main.js')], {
    env,
    cwd: folder,
    stdio: ['ignore', output, output, 'ipc'],
  });
  return new Promise((done, fail) => {
    child.once('message', ({ listening }) => done({ child, url: listening, databaseUrl: env.POSTGRES_URL, log }));
    child.once('exit', (code) => fail(new Error(`The API ended with ${code}: ${readFileSync(log, 'utf8')}`)));
  });
}

/** A run that is broken off never gets to its teardown. */
export function endWithUs(pid) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      process.kill(pid, 'SIGQUIT');
      setImmediate(() => process.exit(1));
    });
  }
}
