/**
 * `npm start`: the whole system on one machine, with nothing but Node installed. `npm run dev` adds `--watch`, and
 * understands `--inspect[=[host:]port]`.
 */
import { builtAt, isBuilt } from './build.mjs';
import { installed } from './ensure-installed.mjs';
import { loadSettings, SECRETS_FILE, startEmbedded, takeLock, wantsEmbedded } from './local-settings.mjs';
import { end, endSteps, runToEnd } from './start/children.mjs';
import { Edits } from './start/edits.mjs';
import { inspectors } from './start/inspectors.mjs';
import { refuseObstacles } from './start/obstacles.mjs';
import { print, step } from './start/steps.mjs';

const PARENT_CHECK_MILLISECONDS = 200;

const isWatching = process.argv.includes('--watch');
const edits = isWatching && new Edits(['src', 'migrations']);
const debug = inspectors(process.argv.slice(2));
let programs = [];
let types;
let postgres;
let isStopping = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
if (process.env.npm_lifecycle_event) stopWithParent();
try {
  await startSystem();
  if (isWatching) await followEdits();
} catch (error) {
  if (!isStopping) print(error.message, process.stderr);
  await stop(1);
}

async function startSystem() {
  await refuseObstacles();
  await step('Packages', async () => installed() === 'all' || (await runToEnd(['scripts/ensure-installed.mjs'])));
  await untilGood(() => step('Build', build));
  const generated = await loadSettings();
  // Ctrl-C must not wait long: a task that is cut short is begun again.
  process.env.WORKER_SHUTDOWN_SECONDS = '2';
  process.env.SHUTDOWN_GRACE_SECONDS = '0';
  await step('Database', startDatabase);
  await untilGood(prepare);
  programs = await readPrograms();
  const url = await step('Programs', startPrograms);
  summarise(url, generated.includes('ADMIN_PASSWORD'));
  if (isWatching) types = (await import('./start/types.mjs')).checkTypes();
}

/** With `--watch`, what fails is tried again after the next edit. */
async function untilGood(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isWatching || isStopping) throw error;
      print(`${error.message}\nWaiting for the next edit.`, process.stderr);
      await edits.next();
    }
  }
}

/** A change that comes meanwhile makes the build old again. */
async function build() {
  while (!isBuilt()) await runToEnd(['scripts/build.mjs']);
}

async function startDatabase() {
  const isEmbedded = wantsEmbedded();
  if (isEmbedded && !(await takeLock())) throw new Error('npm start is already running in this folder.');
  const results = await Promise.allSettled([isEmbedded && startPostgres(), checkSettings(isEmbedded)]);
  for (const { reason } of results) if (reason) throw reason;
}

async function startPostgres() {
  postgres = startEmbedded();
  const { ended } = await postgres;
  void ended.then(() => {
    if (!isStopping) print('PostgreSQL ended', process.stderr);
    return stop(1);
  });
}

/** The embedded database may not be up yet, but its address will be a good one. */
function checkSettings(isEmbedded) {
  const POSTGRES_URL = isEmbedded ? 'postgres://postgres:postgres@localhost/postgres' : process.env.POSTGRES_URL;
  return runToEnd(['scripts/check-settings.mjs'], { ...process.env, POSTGRES_URL });
}

/** Brings the database to what the code wants, and the code to what has been edited since. */
async function prepare() {
  if (!isBuilt()) await step('Build', build);
  await step('Migrations', () => runToEnd(['dist/src/migrate.js']));
  await step('Superuser', () => runToEnd(['dist/src/create-superuser.js']));
}

async function readPrograms() {
  const { Program } = await import('./start/program.mjs');
  const of = (name, file, env) =>
    new Program(name, file, { flags: debug.flags[name], env: { ...process.env, ...env }, isPatient: isWatching });
  // Only one of them can have the port.
  return [of('api', 'dist/src/main.js', debug.env), of('worker', 'dist/src/worker.js', { METRICS_PORT: '' })];
}

/** Answers where the API listens; with `--watch`, undefined if it died. */
async function startPrograms() {
  const results = await Promise.allSettled(programs.map((program) => program.start()));
  for (const { reason } of results) if (reason && !isWatching) throw reason;
  for (const { reason } of results) if (reason) print(`${reason.message}; waiting for the next edit`, process.stderr);
  return results[0].value;
}

/** After an edit, rebuilds and starts the programs anew if the build is good. */
async function followEdits() {
  for (let running = builtAt(); ; await edits.next()) {
    // Something else may have built it: npm test, or a command for migrations.
    if (isBuilt() && running === builtAt()) continue;
    await untilGood(prepare);
    running = builtAt();
    await Promise.all(programs.map((program) => program.stop()));
    await step('Programs', startPrograms);
  }
}

function summarise(url = 'none: it did not start', isPasswordGenerated) {
  const isProduction = process.env.ENVIRONMENT === 'production';
  const lines = [
    `API        ${url}/api/v1`,
    isProduction ? 'Docs       none in production' : `Docs       ${url}/docs  ${url}/redoc`,
    `Database   ${postgres ? 'embedded PostgreSQL, in .data/' : 'as configured by POSTGRES_*'}`,
    `Superuser  ${process.env.ADMIN_USERNAME || 'admin'}, password: ADMIN_PASSWORD in ${isPasswordGenerated ? SECRETS_FILE : 'your settings'}`,
    ...debug.lines,
    'Stop       Ctrl-C',
  ];
  print(`\n${lines.join('\n')}\n`);
}

/** A SIGTERM to npm ends npm and its shell, and never gets here; but then this process has another parent. */
function stopWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop(0), PARENT_CHECK_MILLISECONDS).unref();
}

async function stop(code) {
  if (isStopping) return;
  isStopping = true;
  const isUp = programs.length > 0;
  if (isUp) print('Stopping …');
  await Promise.all([endSteps(), types && end(types), ...programs.map((program) => program.stop())]);
  // It may still be starting, or may not have managed to.
  const started = await postgres?.catch(() => undefined);
  await started?.stop();
  if (isUp) print('Everything has stopped.');
  process.exit(code);
}
