/** What `npm run doctor` looks at over the network: PostgreSQL, and Redis if there is one. */
import { readdirSync } from 'node:fs';
import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  SchemaMigrationRequiredError,
  SchemaVersionMismatchError,
} from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import pg from 'pg';
import { CacheConfig } from '../../dist/src/cache/cache.config.js';
import { settingsOf } from '../../dist/src/config/settings.js';
import { DatabaseConfig } from '../../dist/src/database/database.config.js';
import { QueueConfig } from '../../dist/src/queue/queue.config.js';
import { ok, problem, reasonOf, warning } from './finding.mjs';

const MIGRATIONS = new URL('../../dist/migrations/', import.meta.url);
const CONNECT_MILLISECONDS = 4_000;
const CLOCK_SECONDS = 2;
// 13 writes some defaults in another way, and `npm run migration:check` takes them for changed.
const OLDEST_POSTGRES = 14;
const OLDEST_REDIS = 7;
const NO_SUCH_TABLE = '42P01';
const MIGRATE = 'npm run migration:run, or node dist/src/migrate.js where it is deployed.';

const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.js'));
const modules = await Promise.all(files.map((file) => import(new URL(file, MIGRATIONS).href)));
const migrations = modules.flatMap((module) => Object.values(module));

export function servicesOf({ isEmbedded, isRunning }) {
  const { REDIS_CACHE_HOST, REDIS_CACHE_PORT, REDIS_CACHE_URL } = settingsOf(CacheConfig);
  const { REDIS_QUEUE_HOST, REDIS_QUEUE_PORT, REDIS_QUEUE_URL } = settingsOf(QueueConfig);
  const cache = { url: REDIS_CACHE_URL, host: REDIS_CACHE_HOST, port: REDIS_CACHE_PORT };
  const queue = { url: REDIS_QUEUE_URL, host: REDIS_QUEUE_HOST, port: REDIS_QUEUE_PORT };
  return {
    ...(isEmbedded && !isRunning ? { Database: () => ok('embedded, `npm start` brings it up') } : databaseChecks()),
    'Cache Redis': () => checkRedis(cache, 'REDIS_CACHE'),
    'Queue Redis': () => checkRedis(queue, 'REDIS_QUEUE', { isQueue: true }),
  };
}

function databaseChecks() {
  const { url } = settingsOf(DatabaseConfig);
  const limits = { connectionTimeoutMillis: CONNECT_MILLISECONDS, query_timeout: CONNECT_MILLISECONDS };
  const client = new pg.Client({ connectionString: url, ...limits });
  client.on('error', () => undefined);
  const connected = client.connect().then(
    () => undefined,
    (error) => error,
  );
  const unless = (check) => async () =>
    (await connected) ? warning('not checked', 'See to the database first.') : check(client);
  return {
    Database: async () => {
      const error = await connected;
      const remedy = 'Start it, let this machine through to it, or correct POSTGRES_*.';
      return error ? problem(`cannot be reached: ${reasonOf(error)}`, remedy) : checkVersion(client);
    },
    Clock: unless(checkClock),
    Migrations: unless(checkMigrations),
  };
}

async function checkVersion(client) {
  const { rows } = await client.query("SELECT current_setting('server_version') AS version");
  const [{ version }] = rows;
  return Number.parseInt(version, 10) < OLDEST_POSTGRES
    ? problem(`PostgreSQL ${version} is too old`, `Upgrade it to ${OLDEST_POSTGRES} or later.`)
    : ok(`PostgreSQL ${version}`);
}

/** Sessions and schedules go by the clock of the database, tokens by that of the API. */
async function checkClock(client) {
  const before = Date.now();
  const { rows } = await client.query('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now');
  const seconds = (rows[0].now - (before + Date.now()) / 2) / 1_000;
  return Math.abs(seconds) > CLOCK_SECONDS
    ? problem(`that of the database is ${seconds.toFixed(1)} s away`, 'Have both set by NTP.')
    : ok('agrees with that of the database');
}

async function checkMigrations(client) {
  const done = await executed(client);
  const pending = migrations.map(({ name }) => name).filter((name) => !done.has(name));
  try {
    if ((await assertSchemaCompatibility(client)) < LATEST_SCHEMA_VERSION) pending.push("the queue's");
  } catch (error) {
    if (error instanceof SchemaVersionMismatchError) {
      return problem('the schema of the queue is too new for this release', 'Run a newer release.');
    }
    if (!(error instanceof SchemaMigrationRequiredError)) throw error;
    pending.push("the queue's");
  }
  return pending.length > 0 ? problem(`pending: ${pending.join(', ')}`, MIGRATE) : ok('none is pending');
}

async function executed(client) {
  try {
    const { rows } = await client.query('SELECT name FROM migration');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error.code === NO_SUCH_TABLE) return new Set();
    throw error;
  }
}

async function checkRedis({ url, host, port }, variable, { isQueue = false } = {}) {
  if (!url && !host) return ok(`none, as ${variable}_* is not set`);
  const client = redisAt(url ?? `redis://${host.includes(':') ? `[${host}]` : host}:${port}`);
  let reason;
  client.on('error', (error) => (reason = reasonOf(error)));
  try {
    await client.connect();
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    const facts = await Promise.all(nodes.map(async (node) => parseInfo(await node.info())));
    return facts.map((one) => judge(one, isQueue)).find(({ status }) => status !== 'ok') ?? judge(facts[0], isQueue);
  } catch (error) {
    return problem(`cannot be reached: ${reason ?? reasonOf(error)}`, `Start it, or correct ${variable}_*.`);
  } finally {
    client.disconnect();
  }
}

/** The one connection of a server, a cluster or what sentinels watch over. */
function redisAt(url) {
  const limits = { connectTimeout: CONNECT_MILLISECONDS, commandTimeout: CONNECT_MILLISECONDS, retryStrategy: null };
  const options = { ...limits, maxRetriesPerRequest: 0, lazyConnect: true };
  const [, tls, kind, user, password, hosts, name] =
    /^redis(s?)(-cluster|-sentinel)?:\/\/(?:([^:@]*):([^@]*)@)?([^/]*)\/?(.*)$/.exec(url) ?? [];
  if (!kind) return new Redis(url, options);
  const nodes = hosts
    .split(',')
    .map((one) => ({ host: one.replace(/:\d+$/, ''), port: Number(one.split(':').at(-1)) }));
  const [username, secret] = [user, password].map((part) => (part ? decodeURIComponent(part) : undefined));
  const access = { username, password: secret, tls: tls ? {} : undefined };
  if (kind === '-sentinel') {
    return new Redis({ sentinels: nodes, name, sentinelRetryStrategy: null, ...access, ...options });
  }
  return new Cluster(nodes, { lazyConnect: true, clusterRetryStrategy: null, redisOptions: { ...access, ...limits } });
}

function parseInfo(text) {
  return Object.fromEntries(text.split('\r\n').map((line) => line.split(':', 2)));
}

function judge({ redis_version, maxmemory, maxmemory_policy }, isQueue) {
  if (Number.parseInt(redis_version, 10) < OLDEST_REDIS) {
    return problem(`Redis ${redis_version} is too old`, `Upgrade it to ${OLDEST_REDIS} or later.`);
  }
  if (isQueue && maxmemory_policy !== 'noeviction') {
    return problem(`Redis ${redis_version} may drop tasks`, `Set its maxmemory-policy to noeviction.`);
  }
  if (!isQueue && maxmemory !== '0' && maxmemory_policy === 'noeviction') {
    return warning(
      `Redis ${redis_version} keeps nothing new once it is full`,
      'Set its maxmemory-policy to allkeys-lru.',
    );
  }
  return ok(`Redis ${redis_version}`);
}
