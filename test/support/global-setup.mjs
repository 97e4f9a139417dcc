/**
 * One throw-away PostgreSQL for the whole run, with migrated templates that suites clone. With `TEST_REPLICA=1` every
 * program has a streaming replica too, which lags; with `TEST_REDIS_URL` the cache and the queue are in that Redis.
 */
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

export default async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'api-test-'));
  globalThis.testServer = { folder };
  process.env.TEST_SETTINGS = JSON.stringify(SETTINGS);
  try {
    await allOf([buildLab(), startServers(folder), keepDocument(folder)]);
    process.env.TEST_ACCOUNT = JSON.stringify(await testAccount());
    await createTemplates(folder);
  } catch (error) {
    await tearDown();
    throw error;
  }
}

/** Throws when all have ended, so that nothing starts afterwards. */
async function allOf(promises) {
  const failed = (await Promise.allSettled(promises)).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
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
  process.env.TEST_PROGRAMS = join(folder, 'programs');
  for (const one of [process.env.TMPDIR, process.env.TEST_PROGRAMS]) mkdirSync(one);
  process.once('exit', () => rmSync(folder, GONE));
  const isReplicated = process.env.TEST_REPLICA === '1';
  const home = join(folder, 'postgres');
  const flags = isReplicated ? [...FLAGS, ...REPLICATED] : FLAGS;
  const postgres = await startPostgres(home, { password: 'test', flags });
  globalThis.testServer.postgres = postgres;
  endWithUs(postgres.pid);
  if (isReplicated) globalThis.testServer.replica = await followed(postgres, home);
}

/** What the API says of itself with default settings, which suites make tests of before any of their requests. */
async function keepDocument(folder) {
  const options = { env: { PATH: process.env.PATH }, cwd: folder, maxBuffer: 2 ** 28 };
  const { stdout } = await promisify(execFile)(process.execPath, [join(DIST, 'openapi.js')], options);
  process.env.TEST_DOCUMENT = join(folder, 'openapi.json');
  writeFileSync(process.env.TEST_DOCUMENT, stdout);
}

async function createTemplates(folder) {
  const { postgres, replica } = globalThis.testServer;
  const { PATH, TEST_REDIS_URL: redis = '' } = process.env;
  const env = { ...SETTINGS, PATH, REDIS_CACHE_URL: redis, REDIS_QUEUE_URL: redis };
  const migrate = (program, name) =>
    execFileSync(process.execPath, [program], { env: { ...env, POSTGRES_URL: urlOf(postgres, name) }, cwd: folder });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query('CREATE DATABASE template_test');
    migrate(join(DIST, 'migrate.js'), 'template_test');
    await client.query('CREATE DATABASE template_lab TEMPLATE template_test');
    migrate(join(DIST, '../test/lab/migrate.js'), 'template_lab');
  } finally {
    await client.end();
  }
  process.env.TEST_SERVER_URL = postgres.url;
  if (replica) process.env.TEST_REPLICA_URL = replica.url;
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

/** A run that is broken off never gets to its teardown. */
export function endWithUs(pid) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      process.kill(pid, 'SIGQUIT');
      setImmediate(() => process.exit(1));
    });
  }
}
