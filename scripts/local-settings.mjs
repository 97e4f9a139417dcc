/** The settings and the database of a developer's machine: what is not configured is generated and kept in .data/. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { parseEnv } from 'node:util';
import { startPostgres, stopLeftBehind, urlOfRunning } from './embedded-postgres.mjs';

const ENV_FILE = new URL('../dist/src/platform/config/env-file.js', import.meta.url);
export const SECRETS_FILE = '.data/secrets.env';
const DATA_FOLDER = '.data/postgres';
const LOCK = '.data/lock.sock';
const POSTGRES_VARIABLES = ['URL', 'SERVER', 'USER', 'PASSWORD', 'PORT', 'DB'].map((part) => `POSTGRES_${part}`);

/**
 * Reads .env as the built program does, and in local adds the secrets that nobody has set; answers the names of those.
 * Whoever only looks does not keep what is generated, and is told elsewhere what is wrong with .env.
 */
export async function loadSettings({ keep = true } = {}) {
  if (existsSync(ENV_FILE)) {
    const { loadEnvFile, readEnvFile } = await import(ENV_FILE.href);
    const file = readEnvFile();
    if (keep && file.problems.length > 0) throw new Error(file.problems.join('\n'));
    loadEnvFile(file);
  }
  if (!isLocal()) return [];
  const missing = Object.entries(secrets(keep)).filter(([variable]) => !process.env[variable]);
  for (const [variable, value] of missing) process.env[variable] = value;
  return missing.map(([variable]) => variable);
}

/** Whether the settings leave the database to us. */
export function wantsEmbedded() {
  return isLocal() && !POSTGRES_VARIABLES.some((variable) => process.env[variable]);
}

/**
 * Takes the lock of this folder's embedded database, or answers undefined when another process has it. The lock is a
 * listening socket, so it cannot outlive its owner; giving it its name by a link lets only one of many win.
 */
export async function takeLock() {
  mkdirSync('.data', { recursive: true });
  const own = `${LOCK}.${process.pid}`;
  rmSync(own, { force: true });
  const server = createServer((socket) => socket.end());
  await new Promise((done, fail) => server.once('error', fail).listen(own, done));
  server.unref();
  while (!name(own, LOCK)) {
    if ((await answers(LOCK)) || !(await clearAway(`${own}.stale`))) return void server.close();
  }
  rmSync(own);
  return server;
}

/** Whether a process has the lock. */
export function isLocked() {
  return answers(LOCK);
}

/** Moves a dead lock out of the way. False, and the lock is put back, if it is alive: someone else was quicker. */
async function clearAway(aside) {
  try {
    renameSync(LOCK, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  const isAlive = await answers(aside);
  if (isAlive) name(aside, LOCK);
  rmSync(aside);
  return !isAlive;
}

/** Gives a file a second name, unless something has that name already. */
function name(file, wanted) {
  try {
    linkSync(file, wanted);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Starts the embedded database and points the settings at it. Only for the owner of the lock. */
export async function startEmbedded() {
  await stopLeftBehind(DATA_FOLDER);
  const postgres = await startPostgres(DATA_FOLDER, { password: secrets().EMBEDDED_POSTGRES_PASSWORD });
  process.env.POSTGRES_URL = postgres.url;
  return postgres;
}

/** Points the settings at the database that the owner of the lock runs; false while it is not up. */
export function useRunning() {
  const url = urlOfRunning(DATA_FOLDER, secrets(false).EMBEDDED_POSTGRES_PASSWORD);
  if (url) process.env.POSTGRES_URL = url;
  return url !== undefined;
}

function isLocal() {
  return (process.env.ENVIRONMENT || 'local') === 'local';
}

function secrets(keep = true) {
  if (!existsSync(SECRETS_FILE)) {
    const bytes = { SECRET_KEY: 32, ADMIN_PASSWORD: 12, EMBEDDED_POSTGRES_PASSWORD: 32 };
    const lines = Object.entries(bytes).map(([variable, count]) => `${variable}=${randomBytes(count).toString('hex')}`);
    if (!keep) return parseEnv(lines.join('\n'));
    mkdirSync('.data', { recursive: true });
    const fresh = `${SECRETS_FILE}.${process.pid}`;
    writeFileSync(fresh, `${lines.join('\n')}\n`, { mode: 0o600 });
    // Whole at once, and never over those that another start has made meanwhile.
    name(fresh, SECRETS_FILE);
    rmSync(fresh);
  }
  return parseEnv(readFileSync(SECRETS_FILE, 'utf8'));
}

function answers(path) {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => done(true) || socket.destroy());
    socket.once('error', () => done(false));
  });
}
