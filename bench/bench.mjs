/**
 * `npm run bench`: fills a database, starts the program as in production, loads it and a baseline in turns, and prints
 * medians and their ratio, for two reads: a post beside a program written by hand, and the own account beside a public
 * read without I/O. Options: --rounds 3, --seconds 5, --connections 64, --posts 10000.
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
const ME = '/api/v1/users/me';
const FIXED = '/api/v1/fixed';

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
  // Counted, but never reached.
  DEFAULT_RATE_LIMIT_LIMIT: '1000000000',
};

try {
  execFileSync(process.execPath, ['dist/src/migrate.js'], { env });
  await fill();
  await comparePosts();
  await compareOwnAccount();
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

async function comparePosts() {
  const programs = [await start('dist/src/main.js'), await start('bench/hand-written.mjs')];
  const requests = Array.from({ length: PATHS }, (_, index) => {
    const post = 1 + ((index * 7919) % posts);
    return { path: `/api/v1/users/user${1 + ((post - 1) % USERS)}/posts/${post}` };
  });
  const [ours, handWritten] = programs.map((program) => ({ url: program.url, requests }));
  const samples = await measure({ ours, 'hand-written': handWritten });
  for (const { child } of programs) child.disconnect();
  report('post-read', 'post by user name and id, uncached', samples);
}

/** Both are routes of one process, which counts and logs every request, and answer the same bytes. */
async function compareOwnAccount() {
  const { child, url: base } = await start('bench/fixed-read.mjs');
  const headers = { authorization: `Bearer ${await signIn(base)}` };
  const account = await textOf(base + ME, { headers });
  child.send(account);
  const samples = await measure({
    'own account': { url: base, requests: [{ path: ME, headers }] },
    'public, no I/O': { url: base, requests: [{ path: FIXED }] },
  });
  if (account !== (await textOf(base + FIXED))) throw new Error('The two routes do not answer the same');
  child.disconnect();
  report('own-account', 'own account, signed in, warm cache', samples);
}

async function textOf(address, options) {
  return (await fetch(address, options)).text();
}

/** Registers, and gives the access token. */
async function signIn(base) {
  const credentials = { username: 'bench', password: randomBytes(16).toString('hex') };
  const send = async (path, body) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  await send('/api/v1/users', { name: 'Bench', email: 'bench@example.com', ...credentials });
  return (await send('/api/v1/auth/login', credentials)).access_token;
}

/** Every target once a round, in turns, so that a slow minute of the machine hits both. */
async function measure(targets) {
  const samples = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  for (const target of Object.values(targets)) await load(target, 2);
  for (let round = 1; round <= rounds; round++) {
    for (const [name, target] of Object.entries(targets)) samples[name].push(await load(target, seconds));
  }
  return samples;
}

function start(file) {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((done, fail) => {
    child.once('message', ({ listening }) => done({ child, url: listening }));
    child.once('exit', (code) => fail(new Error(`${file} ended with ${code}`)));
  });
}

async function load({ url: base, requests }, duration) {
  const result = await autocannon({ url: base, connections, duration, requests });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${base}: ${result.non2xx} refused, ${result.errors} errors`);
  const { p50, p99 } = result.latency;
  return { requests_per_second: result.requests.average, p50, p99 };
}

/** Prints the table, and keeps the figures in a file; the last program is the baseline. */
function report(file, read, samples) {
  const medians = Object.fromEntries(
    Object.entries(samples).map(([name, runs]) => [
      name,
      Object.fromEntries(Object.keys(runs[0]).map((figure) => [figure, median(runs.map((run) => run[figure]))])),
    ]),
  );
  const baseline = Object.values(medians).at(-1).requests_per_second;
  process.stdout.write(`\n${read}; ${connections} connections, ${rounds} rounds of ${seconds} s, medians\n\n`);
  printRow('', ['requests/s', 'ratio', 'p50 ms', 'p99 ms']);
  for (const [name, { requests_per_second, p50, p99 }] of Object.entries(medians)) {
    printRow(name, [Math.round(requests_per_second), (requests_per_second / baseline).toFixed(2), p50, p99]);
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  mkdirSync('bench/results', { recursive: true });
  const result = { read, machine, rounds, seconds, connections, posts, medians, samples };
  writeFileSync(`bench/results/${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
}

function printRow(name, cells) {
  process.stdout.write(`${name.padEnd(16)}${cells.map((cell) => String(cell).padStart(12)).join('')}\n`);
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
