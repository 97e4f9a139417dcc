/** Tasks beside BullMQ alone, with the queue in PostgreSQL and, if there is a redis-server, in Redis. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import pg from 'pg';
import { freePort } from '../scripts/free-port.mjs';
import { NO_FIGURES } from './load.mjs';
import { start } from './programs.mjs';

const AT_ONCE = 64;
const CONCURRENCY = 8;
// So many that the processes, which begin afresh, are warm for most of them.
const SOME = { PostgreSQL: 4_000, Redis: 20_000 };
const MANY = 100_000;
const PICK_UPS = 40;

/** @param signIn gives an access token of a new user of the API at that URL */
export async function measureTasks(env, { rounds, seconds }, signIn) {
  const results = { medians: {}, samples: {}, ratios: [] };
  // One user queues all of them.
  const unbounded = { ...env, TASKS_MAX_PER_OWNER: '0', TASKS_MAX_RUNNING_PER_OWNER: '0' };
  await onBackend('PostgreSQL', { ...unbounded, WORKER_CONCURRENCY: String(CONCURRENCY) });
  await withRedis((port) => {
    const redis = { REDIS_QUEUE_HOST: '127.0.0.1', REDIS_QUEUE_PORT: String(port) };
    return onBackend('Redis', { ...unbounded, ...redis, WORKER_CONCURRENCY: String(CONCURRENCY) });
  });
  return results;

  async function onBackend(backend, settings) {
    const some = SOME[backend];
    const note = (name, per_second, more = {}) => {
      const sample = { ...NO_FIGURES, requests_per_second: Math.round(per_second) };
      (results.samples[`${name}, ${backend}`] ??= []).push({ ...sample, ...more });
    };
    const ratio = (read, against, bounds) =>
      results.ratios.push({ read: `${read}, ${backend}`, against: `${against}, ${backend}`, ...bounds });
    const database = new pg.Pool({ connectionString: env.POSTGRES_URL });
    const api = await start('dist/src/main.js', settings);
    const bare = await start('bench/bare-queue.mjs', settings);
    const authorization = `Bearer ${await signIn(api.url)}`;

    for (let round = 1; round <= rounds; round++) {
      note('bare add', (await bare.ask({ command: 'add', atOnce: AT_ONCE, seconds })).per_second);
      const posted = await post(api, authorization, seconds);
      note('POST /tasks', posted.requests.average, { p50: posted.latency.p50, p99: posted.latency.p99 });
    }
    await clear();
    for (let round = 1; round <= rounds; round++) {
      await bare.ask({ command: 'fill', count: some });
      note('bare worker', await runBare(some));
      await queue(some);
      note('worker', await run(some));
    }
    await queue(100);
    await postWhileQueued('POST /tasks, 100 waiting');
    await clear();
    await queue(MANY);
    await postWhileQueued(`POST /tasks, ${MANY} waiting`);
    note(`worker, ${MANY} waiting`, await run(some));
    await clear();
    note('pick-up', 0, await pickUp());

    for (const [name, samples] of Object.entries(results.samples)) results.medians[name] ??= medianOf(samples);
    ratio('POST /tasks', 'bare add', { atLeast: 0.5 });
    ratio('worker', 'bare worker', { atLeast: 0.7 });
    ratio(`POST /tasks, ${MANY} waiting`, 'POST /tasks, 100 waiting', { atLeast: 0.7 });
    ratio(`worker, ${MANY} waiting`, 'worker', { atLeast: 0.7 });
    for (const program of [api, bare]) await program.stop();
    await database.end();

    async function clear() {
      await database.query('TRUNCATE task CASCADE');
      await bare.ask({ command: 'clear', name: 'tasks' });
    }

    /** Puts so many tasks that do nothing, and waits until the queue has them. */
    async function queue(count) {
      const relay = await start('bench/worker.mjs', { ...settings, RELAY_ONLY: 'true' });
      await database.query(`INSERT INTO task (name, payload) SELECT 'noop', '{}' FROM generate_series(1, $1)`, [count]);
      while ((await waiting()) > 0) await sleep(100);
      await relay.stop();
    }

    async function waiting() {
      const { rows } = await database.query('SELECT count(*)::int AS count FROM task WHERE relayed_at IS NULL');
      return rows[0].count;
    }

    /** In a process as fresh as ours. */
    async function runBare(count) {
      const worker = await start('bench/bare-queue.mjs', settings);
      const { per_second } = await worker.ask({ command: 'work', count, concurrency: CONCURRENCY });
      await worker.stop();
      return per_second;
    }

    async function run(count) {
      const worker = await start('bench/worker.mjs', settings);
      const { per_second } = await worker.ask({ count });
      await worker.stop();
      return per_second;
    }

    /** With a worker that queues what is posted, and runs nothing. */
    async function postWhileQueued(name) {
      const relay = await start('bench/worker.mjs', { ...settings, RELAY_ONLY: 'true' });
      for (let round = 1; round <= rounds; round++) {
        note(name, (await post(api, authorization, seconds)).requests.average);
      }
      while ((await waiting()) > 0) await sleep(100);
      await relay.stop();
    }

    /** From the row to the start, by the database's clock, one task at a time. */
    async function pickUp() {
      const worker = await start('bench/worker.mjs', settings);
      await sleep(1_000);
      for (let one = 0; one < PICK_UPS; one++) {
        await database.query(
          `WITH put AS (INSERT INTO task (name, payload) VALUES ('noop', '{}') RETURNING id)
           SELECT pg_notify('tasks_put', '') FROM put`,
        );
        await sleep(100);
      }
      const { rows } = await database.query(
        `SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at) * 1000)
           AS ms FROM task WHERE finished_at IS NOT NULL`,
      );
      await worker.stop();
      const [p50, p99] = rows[0].ms.map((milliseconds) => Math.round(milliseconds));
      return { p50, p99 };
    }
  }
}

function post({ url }, authorization, seconds) {
  return autocannon({
    url: `${url}/api/v1/tasks`,
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'sample', payload: { message: 'hello', seconds: 0 } }),
    connections: AT_ONCE,
    duration: seconds,
  });
}

function medianOf(samples) {
  return samples.toSorted((a, b) => a.requests_per_second - b.requests_per_second)[Math.floor(samples.length / 2)];
}

async function withRedis(work) {
  if (spawnSync('redis-server', ['--version']).error) {
    process.stderr.write('There is no redis-server: only the queue in PostgreSQL is measured\n');
    return;
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'api-bench-'));
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const redis = spawn('redis-server', args.map(String), { stdio: 'ignore' });
  try {
    await sleep(500);
    await work(port);
  } finally {
    redis.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
