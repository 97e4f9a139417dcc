/** Runs the built program the way an operator does: as a process, with an environment, speaking HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

// Of the configuration of Jest.
const { nodeFlags } = globalThis as unknown as { nodeFlags: string[] };
const DIST = join(__dirname, '../../dist/src');
// Of the run, and without a .env file that could change what a suite sees.
const EMPTY_FOLDER = tmpdir();

/** Those of every program, what domains add in test/<domain>/<domain>.settings.json included. */
export const SETTINGS = JSON.parse(process.env.TEST_SETTINGS!) as Environment;
/** What the API that suites share has besides. */
export const SHARED_SETTINGS = JSON.parse(readFileSync(join(__dirname, 'shared-settings.json'), 'utf8')) as Environment;

export type Environment = Record<string, string | undefined>;

/** A database of the suite's own, cloned from the migrated template. */
export interface TestDatabase {
  url: string;
  query<R extends pg.QueryResultRow>(sql: string | pg.QueryConfig, values?: unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

export async function createDatabase(template = 'template_test'): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await emptySharedRedis();
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return databaseAt(urlOf(name), () => onServer(`DROP DATABASE ${name} WITH (FORCE)`));
}

// What a suite writes past the API is there for whoever reads next, on a replica too.
const options = process.env.TEST_REPLICA_URL && '-c synchronous_commit=remote_apply';

export function databaseAt(url: string, drop = () => Promise.resolve()): TestDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 2, options });
  pool.on('error', () => undefined);
  return {
    url,
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    drop: async () => {
      await pool.end();
      await drop();
    },
  };
}

/** The settings of a local program on a database, with cheap password hashes and no secrets of the real environment. */
export function environment(databaseUrl: string, overrides: Environment = {}): Environment {
  const urls = { POSTGRES_URL: databaseUrl, POSTGRES_REPLICA_URLS: replicaOf(databaseUrl) };
  return { PATH: process.env.PATH, ...urls, ...redisFor(overrides), ...mailFor(overrides), ...SETTINGS, ...overrides };
}

/** Outside local, what sends mail needs a server; nobody listens at this one. */
function mailFor({ ENVIRONMENT = 'local' }: Environment): Environment {
  return ENVIRONMENT === 'local' ? {} : { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'no-reply@example.com' };
}

/** The Redis of `TEST_REDIS_URL`, for whoever has none of its own. */
function redisFor({ REDIS_CACHE_HOST, REDIS_QUEUE_HOST }: Environment): Environment {
  const url = process.env.TEST_REDIS_URL;
  return { REDIS_CACHE_URL: REDIS_CACHE_HOST ? undefined : url, REDIS_QUEUE_URL: REDIS_QUEUE_HOST ? undefined : url };
}

/** Empties the Redis of `TEST_REDIS_URL`. Nobody else has to load what that takes. */
export async function emptySharedRedis(): Promise<void> {
  const url = process.env.TEST_REDIS_URL;
  if (url) await (await import('./shared-redis.js')).emptyRedis(url);
}

// By 2 s clocks may differ where there is Redis; the rest is until an API has looked at primary and replica.
const SETTLE_MILLISECONDS = 2_000 + 1_200;

/** Waits until public reads of what was written go to the replica, if there is one. */
export async function settled(): Promise<void> {
  if (process.env.TEST_REPLICA_URL) await sleep(SETTLE_MILLISECONDS);
}

/** The same database on the replica that `TEST_REPLICA=1` brings. */
export function replicaOf(databaseUrl: string): string | undefined {
  const { TEST_REPLICA_URL } = process.env;
  if (!TEST_REPLICA_URL || !URL.canParse(databaseUrl)) return undefined;
  const url = new URL(TEST_REPLICA_URL);
  url.pathname = new URL(databaseUrl).pathname;
  return url.href;
}

export interface Program {
  /** Where the API listens, without a trailing slash. */
  url: string;
  /** Standard output and error so far. */
  output(): string;
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The whole lines of its output so far that contain a text. */
export function linesWith({ output }: Pick<Program, 'output'>, text: string): string[] {
  return output()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes(text));
}

/** Starts `main`, `worker` or another entry point, or a script by its full path, and waits until it says that it is ready. */
export async function start(entry: string, env: Environment, args: string[] = []): Promise<Program> {
  const { listening, output, ended, stop } = begin(entry, env, args);
  return { url: await listening, output, ended, stop };
}

/** A program that need not be ready yet. */
export type Begun = Omit<Program, 'url'> & { listening: Promise<string>; child: ChildProcess };

/**
 * Starts it, and does not wait for anything.
 * @param through a command that becomes the program, which is given to it as arguments
 */
export function begin(entry: string, env: Environment, args: string[] = [], through: string[] = []): Begun {
  const child = launch(entry, env, args, through);
  const output = collect(child);
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const listening = new Promise<string>((done, fail) => {
    child.once('message', (message: { listening: string }) => done(message.listening));
    child.once('close', (code) => fail(new Error(`${entry} ended with ${code}: ${output()}`)));
  });
  listening.catch(() => undefined);
  return { child, listening, output, ended, stop: (signal = 'SIGTERM') => end(child, signal) };
}

/** Runs an entry point to its end. */
export async function finish(
  entry: string,
  env: Environment,
  args: string[] = [],
): Promise<{ code: number | null; output: string }> {
  const child = launch(entry, env, args);
  const output = collect(child);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output: output() };
}

/** Fails unless one of a few measurements, most often of milliseconds, is below a limit: others use the machine as well. */
export async function expectOnceBelow(limit: number, measure: () => Promise<number>, tries = 3): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < tries && least >= limit; tried++) least = Math.min(least, await measure());
  expect(least).toBeLessThan(limit);
}

/** Waits for what other processes bring about; fails after `milliseconds`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  milliseconds = 45_000,
  what = String(holds),
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not after ${milliseconds} ms: ${what}`);
    await sleep(10);
  }
}

/** A port that nobody listens on, for a program that does not say where it listens. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

/** Whether nobody takes requests any more; a connection that came just too late may hang instead of being refused. */
export const isRefused = (url: string): Promise<boolean> =>
  fetch(`${url}/health/live`, { signal: AbortSignal.timeout(500) }).then(
    () => false,
    () => true,
  );

/** Of an entry point, or of a script by its full path. */
export function scriptOf(entry: string): string {
  return isAbsolute(entry) ? entry : join(DIST, `${entry}.js`);
}

function launch(entry: string, env: Environment, args: string[], through: string[] = []): ChildProcess {
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const [command, ...rest] = [...through, process.execPath, ...nodeFlags, scriptOf(entry), ...args];
  return spawn(command!, rest, { env, cwd: EMPTY_FOLDER, stdio: [...stdio] });
}

/** What it writes to standard output, and after it what it writes to standard error: lines stay whole. */
function collect(child: ChildProcess): () => string {
  const texts = ['', ''];
  for (const [index, stream] of [child.stdout!, child.stderr!].entries()) {
    stream.setEncoding('utf8').on('data', (part) => (texts[index] += part));
  }
  const output = () => texts.join('');
  tellOfFailures(output);
  return output;
}

/** A test that fails shows what programs have written of its last requests: see test/support/environment.mjs. */
export function tellOfFailures(output: () => string): void {
  (globalThis as unknown as { outputs: (() => string)[] }).outputs.push(output);
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => {
    child.once('close', done);
    child.kill(signal);
  });
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_SERVER_URL });
  await client.connect();
  await client.query(sql);
  await client.end();
}

function urlOf(name: string): string {
  const url = new URL(process.env.TEST_SERVER_URL!);
  url.pathname = `/${name}`;
  return url.href;
}
