/** What `npm run doctor` looks at over the network: PostgreSQL, and Redis if there is one. */
import { readdirSync } from 'node:fs';
import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  SchemaMigrationRequiredError,
  SchemaVersionMismatchError,
} from 'bullmq';
import pg from 'pg';
import { RedisConfig } from '../../dist/src/platform/redis/redis.config.js';
import { settingsOf } from '../../dist/src/platform/config/settings.js';
import { Client } from '../../dist/src/platform/database/pg-client.js';
import { DatabaseConfig } from '../../dist/src/platform/database/database.config.js';
import { problemWithPooler } from '../../dist/src/platform/database/pooler.js';
import { QueueConfig } from '../../dist/src/platform/queue/queue.config.js';
import { ok, problem, reasonOf, warning } from './finding.mjs';
import { checkRedis } from './redis.mjs';

const MIGRATIONS = new URL('../../dist/migrations/', import.meta.url);
const CONNECT_MILLISECONDS = 4_000;
const CLOCK_SECONDS = 2;
// 13 writes some defaults in another way, and `npm run migration:check` takes them for changed.
const OLDEST_POSTGRES = 14;
const NO_SUCH_TABLE = '42P01';
const MIGRATE = 'npm run migration:run, or node dist/src/migrate.js where it is deployed.';

const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.js'));
const modules = await Promise.all(files.map((file) => import(new URL(file, MIGRATIONS).href)));
const migrations = modules.flatMap((module) => Object.values(module));

export function servicesOf({ isEmbedded, isRunning }) {
  return {
    ...(isEmbedded && !isRunning ? { Database: () => ok('embedded, `npm start` starts it') } : databaseChecks()),
    'Cache Redis': () => checkRedis(settingsOf(RedisConfig).redis, 'REDIS_CACHE'),
    'Queue Redis': () => checkRedis(settingsOf(QueueConfig).redis, 'REDIS_QUEUE', { isQueue: true }),
  };
}

function databaseChecks() {
  const { url, replicaUrls } = settingsOf(DatabaseConfig);
  const connecting = connect(url);
  const connected = connecting.then(
    () => undefined,
    (error) => error,
  );
  const unless = (check) => async () =>
    (await connected) ? warning('not checked', 'Solve the problem with the database first.') : check(await connecting);
  return {
    Database: async () => {
      const error = await connected;
      const remedy = 'Start it, let this machine through to it, or correct POSTGRES_*.';
      return error ? problem(`cannot be reached: ${reasonOf(error)}`, remedy) : checkVersion(await connecting);
    },
    Pooler: unless(() => checkPooler(url)),
    Replicas: () => checkReplicas(replicaUrls),
    Clock: unless(checkClock),
    Migrations: unless(checkMigrations),
  };
}

/** A pool that has a connection; throws what keeps it from one. */
async function connect(url) {
  const limits = { connectionTimeoutMillis: CONNECT_MILLISECONDS, query_timeout: CONNECT_MILLISECONDS };
  const pool = new pg.Pool({ connectionString: url, ...limits, Client });
  pool.on('error', () => undefined);
  (await pool.connect()).release();
  return pool;
}

async function checkVersion(pool) {
  const { rows } = await pool.query("SELECT current_setting('server_version') AS version");
  const [{ version }] = rows;
  return Number.parseInt(version, 10) < OLDEST_POSTGRES
    ? problem(`PostgreSQL ${version} is too old`, `Upgrade it to ${OLDEST_POSTGRES} or later.`)
    : ok(`PostgreSQL ${version}`);
}

async function checkPooler(url) {
  const found = await problemWithPooler(url);
  return found ? problem(found, 'Correct POSTGRES_*.') : ok('none in the way');
}

async function checkReplicas(urls) {
  if (urls.length === 0) return ok('none, as POSTGRES_REPLICA_URLS is not set');
  const findings = await Promise.all(urls.map(checkReplica));
  return findings.find(({ status }) => status !== 'ok') ?? ok(`${urls.length} in recovery`);
}

async function checkReplica(url) {
  const { host } = new URL(url);
  const remedy = 'Start it, or correct POSTGRES_REPLICA_URLS; until then reads go elsewhere.';
  try {
    const pool = await connect(url);
    const { rows } = await pool.query('SELECT pg_is_in_recovery() AS is_replica');
    return rows[0].is_replica ? ok(host) : problem(`${host} is not a replica`, remedy);
  } catch (error) {
    return problem(`${host} cannot be reached: ${reasonOf(error)}`, remedy);
  }
}

/** Sessions and schedules go by the clock of the database, tokens by that of the API. */
async function checkClock(pool) {
  const before = Date.now();
  const { rows } = await pool.query('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now');
  const seconds = (rows[0].now - (before + Date.now()) / 2) / 1_000;
  return Math.abs(seconds) > CLOCK_SECONDS
    ? problem(`${seconds.toFixed(1)} s off the clock of the database`, 'Synchronise both clocks with NTP.')
    : ok('agrees with the clock of the database');
}

async function checkMigrations(pool) {
  const done = await executed(pool);
  const pending = migrations.map(({ name }) => name).filter((name) => !done.has(name));
  try {
    if ((await assertSchemaCompatibility(pool)) < LATEST_SCHEMA_VERSION) pending.push("the queue's");
  } catch (error) {
    if (error instanceof SchemaVersionMismatchError) {
      return problem('the schema of the queue is too new for this release', 'Run a newer release.');
    }
    if (!(error instanceof SchemaMigrationRequiredError)) throw error;
    pending.push("the queue's");
  }
  return pending.length > 0 ? problem(`pending: ${pending.join(', ')}`, MIGRATE) : ok('none pending');
}

async function executed(pool) {
  try {
    const { rows } = await pool.query('SELECT name FROM migration');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error.code === NO_SUCH_TABLE) return new Set();
    throw error;
  }
}
