/** `npm start` and, with --watch, `npm run dev`: the whole system on one machine, with nothing but Node installed. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { createInterface } from 'node:readline';
import { isBuilt } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

const STOP_MILLISECONDS = 3_000;
const REBUILD_MILLISECONDS = 150;
const PARENT_CHECK_MILLISECONDS = 200;
const COLOURS = { api: 36, worker: 35 };

ensureInstalled();
const { default: pinoPretty } = await import('pino-pretty');
const { loadSettings, SECRETS_FILE, startEmbedded, takeLock, wantsEmbedded } = await import('./local-settings.mjs');

const pretty = pinoPretty.prettyFactory({
  colorize: process.stdout.isTTY,
  ignore: 'pid,hostname,name,request_id',
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss',
});
const children = new Set();
let postgres;
let isStopping = false;
let isRestarting = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
if (process.env.npm_lifecycle_event) stopWithParent();
try {
  await startSystem();
} catch (error) {
  if (!isStopping) process.stderr.write(`${error.message}\n`);
  await stop(1);
}

async function startSystem() {
  await build();
  const generated = await loadSettings();
  // Ctrl-C must not wait long: a task that is cut short is begun again.
  process.env.WORKER_SHUTDOWN_SECONDS = '2';
  process.env.SHUTDOWN_GRACE_SECONDS = '0';
  const isEmbedded = wantsEmbedded();
  if (isEmbedded && !(await takeLock())) throw new Error('npm start is already running in this folder.');
  const results = await Promise.allSettled([isEmbedded && startDatabase(), checkSettings()]);
  for (const { reason } of results) if (reason) throw reason;
  await prepareDatabase();
  const url = await startProcesses();
  summarise(url, { isEmbedded, isPasswordGenerated: generated.includes('ADMIN_PASSWORD') });
  if (process.argv.includes('--watch')) restartOnChange();
}

async function startDatabase() {
  postgres = startEmbedded();
  const { ended } = await postgres;
  void ended.then(() => {
    if (!isStopping) process.stderr.write('PostgreSQL ended\n');
    return stop(1);
  });
}

async function prepareDatabase() {
  await step('migrate', ['dist/src/migrate.js']);
  await step('create-superuser', ['dist/src/create-superuser.js']);
}

async function build() {
  if (!isBuilt()) await step('build', ['scripts/build.mjs']);
}

/** The embedded database may not be up yet, but its address will be a good one. */
function checkSettings() {
  const POSTGRES_URL = wantsEmbedded() ? 'postgres://postgres:postgres@localhost/postgres' : process.env.POSTGRES_URL;
  return step('settings', ['scripts/check-settings.mjs'], { ...process.env, POSTGRES_URL });
}

async function startProcesses() {
  const [url] = await Promise.all([
    serve('api', 'dist/src/main.js'),
    // Only one of them can have the port.
    serve('worker', 'dist/src/worker.js', { ...process.env, METRICS_PORT: '' }),
  ]);
  return url;
}

function summarise(url, { isEmbedded, isPasswordGenerated }) {
  const lines = [
    `API        ${url}/api/v1`,
    process.env.ENVIRONMENT === 'production' ? 'Docs       none in production' : `Docs       ${url}/docs  ${url}/redoc`,
    `Database   ${isEmbedded ? 'embedded PostgreSQL, in .data/' : 'as configured by POSTGRES_*'}`,
    `Superuser  ${process.env.ADMIN_USERNAME || 'admin'}, password: ADMIN_PASSWORD in ${isPasswordGenerated ? SECRETS_FILE : 'your settings'}`,
    'Stop       Ctrl-C',
  ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

/** Runs one step to its end; what it printed is shown only if it fails. */
function step(name, args, env = process.env) {
  return new Promise((done, fail) => {
    const child = launch(args, ['ignore', 'pipe', 'pipe'], env);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('close', (code) => (code === 0 ? done() : fail(new Error(output.trim() || `${name} failed`))));
  });
}

/** Starts a long-lived process and answers what it says it listens on. When it ends unasked, the system stops. */
function serve(name, file, env) {
  return new Promise((done, fail) => {
    const child = launch(['--enable-source-maps', file], ['ignore', 'pipe', 'pipe', 'ipc'], env);
    show(name, child.stdout, process.stdout);
    show(name, child.stderr, process.stderr);
    child.once('message', ({ listening }) => done(listening));
    child.once('close', () => {
      fail(new Error(`${name} did not start`));
      if (!isRestarting) void stop(1);
    });
  });
}

/** Prefixes the lines of a process and makes its JSON log readable. */
function show(name, from, to) {
  const prefix = process.stdout.isTTY ? `\u001b[${COLOURS[name]}m${name.padEnd(6)}\u001b[0m` : name.padEnd(6);
  createInterface({ input: from }).on('line', (line) => {
    to.write(`${prefix} ${line.startsWith('{') ? pretty(line).trimEnd() : line}\n`);
  });
}

/** Children get process groups of their own: Ctrl-C reaches only this process, which stops them in order. */
function launch(args, stdio, env = process.env) {
  const child = spawn(process.execPath, args, { env, stdio, detached: process.platform !== 'win32' });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Rebuilds when a source changes, and starts the processes anew if the build is good. */
function restartOnChange() {
  let timer;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => void restart().catch(({ message }) => process.stderr.write(`${message}\n`)),
      REBUILD_MILLISECONDS,
    );
  };
  for (const folder of ['src', 'migrations']) watch(folder, { recursive: true }, changed);
}

async function restart() {
  if (isRestarting) return;
  isRestarting = true;
  try {
    // A change that comes meanwhile makes the build old again.
    while (!isBuilt()) {
      await build();
      await prepareDatabase();
      await endChildren();
      await startProcesses();
    }
  } finally {
    isRestarting = false;
  }
}

/** A SIGTERM to npm ends npm and its shell, and never gets here; but then this process has another parent. */
function stopWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop(0), PARENT_CHECK_MILLISECONDS).unref();
}

async function endChildren() {
  const ended = [...children].map((child) => new Promise((done) => child.once('exit', done)));
  for (const child of children) child.kill('SIGTERM');
  const deadline = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), STOP_MILLISECONDS);
  await Promise.all(ended);
  clearTimeout(deadline);
}

async function stop(code) {
  if (isStopping) return;
  isStopping = true;
  await endChildren();
  // It may still be starting, or may not have managed to.
  const started = await postgres?.catch(() => undefined);
  await started?.stop();
  process.exit(code);
}
