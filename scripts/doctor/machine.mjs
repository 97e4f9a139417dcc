/** What `npm run doctor` looks at without any package: this machine, this folder, the settings. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { isBuilt } from '../build.mjs';
import { installed } from '../ensure-installed.mjs';
import { listen } from '../free-port.mjs';
import { ok, problem, warning } from './finding.mjs';

export function checkNode() {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [wanted, found] = [engines.node.replace('>=', ''), process.versions.node];
  const isOld = found.localeCompare(wanted, 'en', { numeric: true }) < 0;
  return isOld ? problem(`${found} is too old`, `Install Node.js ${wanted} or later.`) : ok(found);
}

export function checkPackages() {
  const remedy = 'Install them: npm ci (`npm start` and `npm test` do it by themselves).';
  switch (installed()) {
    case 'all':
      return ok('as in the lock file');
    case 'deployed':
      return ok('as in the lock file, without those for development');
    case 'nothing':
      return problem('not installed', remedy);
    default:
      return problem('not as in the lock file', remedy);
  }
}

/** A deployed system has no sources to compare with. */
export function checkBuild() {
  const isDeployed = installed() === 'deployed';
  const remedy = isDeployed ? 'npm ci && npm run build && npm prune --omit=dev' : 'npm run build';
  if (!existsSync('dist/src/main.js')) return problem('not there', remedy);
  return !existsSync('src') || isBuilt({ isDeployed }) ? ok('up to date') : warning('older than the sources', remedy);
}

/** Only the embedded database and its secrets are kept in the folder. */
export function checkFolder(isEmbedded) {
  if (!isEmbedded) return ok('nothing is written to it');
  try {
    for (const path of ['.', '.data', '.data/postgres']) if (existsSync(path)) accessSync(path, constants.W_OK);
    return ok('.data/ can be written to');
  } catch ({ path }) {
    return problem(
      `${path} cannot be written to`,
      'Run this as the user who owns the folder, or give the folder to this user.',
    );
  }
}

/** Whether a process that starts gets its port. One of ours that has it already is as good. */
export async function checkPort(variable, standard) {
  const text = process.env[variable] || standard;
  if (text === undefined) return ok(`none, as ${variable} is not set`);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) return warning('not checked', 'Correct the settings below first.');
  const error = await listen(port);
  if (!error) return ok(port === 0 ? 'any free one' : `${port} is free`);
  if (error.code === 'EADDRINUSE') {
    const isOurs = await isAlive(port);
    return isOurs
      ? ok(`${port} is the port on which it is already running`)
      : problem(`${port} is taken`, `Stop the program that listens there, or set ${variable} to another port.`);
  }
  return problem(`${port}: ${error.message}`, `Set ${variable} to a port that this user may listen on.`);
}

/** One line for each variable, or line of .env, that no program would start with. */
export function checkSettings({ isEmbedded, settings }) {
  // The embedded database may not be up yet, but its address will be a good one.
  if (isEmbedded) process.env.POSTGRES_URL ||= 'postgres://postgres:postgres@localhost/postgres';
  const bad = settings.checkSettings();
  if (bad.length > 0) return problem(`${bad.length} wrong`, bad.join('\n'));
  const similar = settings.similarNames();
  return similar.length > 0 ? warning('one may be misspelled', similar.join('\n')) : ok('none wrong');
}

async function isAlive(port) {
  try {
    const { ok: isOk } = await fetch(`http://localhost:${port}/health/live`, { signal: AbortSignal.timeout(2_000) });
    return isOk;
  } catch {
    return false;
  }
}
