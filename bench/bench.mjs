/**
 * `npm run bench`: fills a database, starts the program as in production beside a hand-written baseline, loads them in
 * turns, and prints medians and their ratio. Options: --rounds 3, --seconds 5, --connections 64, --posts 10000.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import pg from 'pg';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    posts: { type: 'string', default: '10000' },
  },
});
const [rounds, seconds, connections, posts] = ['rounds', 'seconds', 'connections', 'posts'].map((name) =>
  Number(values[name]),
);
const USERS = 1000;
const PATHS = 1000;

const database = `bench_${randomBytes(6).toString('hex')}`;
if (!process.env.POSTGRES_URL) throw new Error('Set POSTGRES_URL to a server to measure on, or none of POSTGRES_*');
const url = new URL(process.env.POSTGRES_URL);
await onServer(`CREATE DATABASE ${database}`);
url.pathname = `/${database}`;
const env = {
  PATH: process.env.PATH,
  ENVIRONMENT: 'production',
  PORT: '0',
  POSTGRES_URL: url.href,
  SECRET_KEY: randomBytes(32).toString('hex'),
};

try {
  execFileSync(process.execPath, ['dist/src/migrate.js'], { env });
  await fill();
  report(await measure());
} finally {
  await onServer(`DROP DATABASE ${database} WITH (FORCE)`);
}

async function fill() {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(
    `INSERT INTO "user" (name, username, email, hashed_password)
     SELECT 'User ' || n, 'user' || n, 'user' || n || '@example.com', '' FROM generate_series(1, $1::int) n`,
    [USERS],
  );
  await client.query(
    `INSERT INTO post (title, text, created_by_user_id)
     SELECT 'Post ' || n, repeat('text ', 20), 1 + (n - 1) % $1::int FROM generate_series(1, $2::int) n`,
    [USERS, posts],
  );
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** Every target once a round, in turns, so that a slow minute of the machine hits both. */
async function measure() {
  const programs = { ours: await start('dist/src/main.js'), 'hand-written': await start('bench/hand-written.mjs') };
  const samples = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (const { url: base } of Object.values(programs)) await load(base, 2);
  for (let round = 1; round <= rounds; round++) {
    for (const [name, { url: base }] of Object.entries(programs)) samples[name].push(await load(base, seconds));
  }
  for (const { child } of Object.values(programs)) child.disconnect();
  return samples;
}

function start(file) {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((done, fail) => {
    child.once('message', ({ listening }) => done({ child, url: listening }));
    child.once('exit', (code) => fail(new Error(`${file} ended with ${code}`)));
  });
}

async function load(base, duration) {
  const requests = Array.from({ length: PATHS }, (_, index) => {
    const post = 1 + ((index * 7919) % posts);
    return { path: `/api/v1/users/user${1 + ((post - 1) % USERS)}/posts/${post}` };
  });
  const result = await autocannon({ url: base, connections, duration, requests });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${base}: ${result.non2xx} refused, ${result.errors} errors`);
  const { p50, p99 } = result.latency;
  return { requests_per_second: result.requests.average, p50, p99 };
}

function report(samples) {
  const medians = Object.fromEntries(
    Object.entries(samples).map(([name, runs]) => [
      name,
      Object.fromEntries(Object.keys(runs[0]).map((figure) => [figure, median(runs.map((run) => run[figure]))])),
    ]),
  );
  const baseline = medians['hand-written'].requests_per_second;
  process.stdout.write(
    `A post by user name and id, uncached; ${connections} connections, ${rounds} rounds of ${seconds} s, medians\n\n`,
  );
  process.stdout.write(
    `${'program'.padEnd(16)}${'requests/s'.padStart(12)}${'ratio'.padStart(8)}${'p50 ms'.padStart(8)}${'p99 ms'.padStart(8)}\n`,
  );
  for (const [name, { requests_per_second, p50, p99 }] of Object.entries(medians)) {
    const cells = [Math.round(requests_per_second), (requests_per_second / baseline).toFixed(2), p50, p99];
    process.stdout.write(
      `${name.padEnd(16)}${String(cells[0]).padStart(12)}${cells
        .slice(1)
        .map((cell) => String(cell).padStart(8))
        .join('')}\n`,
    );
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  mkdirSync('bench/results', { recursive: true });
  const result = {
    read: 'post by user name and id, uncached',
    machine,
    rounds,
    seconds,
    connections,
    posts,
    medians,
    samples,
  };
  writeFileSync('bench/results/post-read.json', `${JSON.stringify(result, null, 2)}\n`);
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function onServer(sql) {
  const client = new pg.Client({ connectionString: process.env.POSTGRES_URL });
  await client.connect();
  await client.query(sql);
  await client.end();
}
