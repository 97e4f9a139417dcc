/** `npm run build`; and for the other scripts, a build when a source is newer than the last good one. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = 'package-lock.json';
const SOURCES = ['src', 'migrations', LOCK, 'tsconfig.json', 'nest-cli.json', '.swcrc'];
// Written when a build has gone well: the compiler leaves what it could compile even when it fails.
const STAMP = 'dist/.built';
// Holds the pid of who builds.
const TURN = 'dist.lock';
const LONGEST_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 100;

/** Where packages have been left out since, npm has written the lock file anew. */
export function isBuilt({ isDeployed = false } = {}) {
  const sources = isDeployed ? SOURCES.filter((path) => path !== LOCK) : SOURCES;
  return existsSync(STAMP) && sources.every((path) => newest(path) < statSync(STAMP).mtimeMs);
}

/** When the last good build began, in milliseconds. */
export function builtAt() {
  return existsSync(STAMP) ? statSync(STAMP).mtimeMs : undefined;
}

export function ensureBuilt() {
  if (!isBuilt()) build();
}

/** A change that comes while the compiler runs makes the build old again. */
function build() {
  takeTurn();
  const begun = new Date();
  const { status } = spawnSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // The line that is wrong says enough: the compiler would add where in its own machine code it noticed.
    env: { ...process.env, RUST_BACKTRACE: '0', RUST_LIB_BACKTRACE: '0' },
  });
  if (status === 0) {
    writeFileSync(STAMP, '');
    utimesSync(STAMP, begun, begun);
  }
  rmSync(TURN, { force: true });
  if (status !== 0) process.exit(1);
}

/** Of two builds at once each would delete what the other writes. One that died holds nobody up, nor does a hanging one for ever. */
function takeTurn() {
  for (let waited = 0; waited < LONGEST_MILLISECONDS; waited += LOOK_MILLISECONDS) {
    try {
      return writeFileSync(TURN, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isBuilding()) rmSync(TURN, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MILLISECONDS);
  }
}

function isBuilding() {
  try {
    return process.kill(Number(readFileSync(TURN, 'utf8')), 0);
  } catch ({ code }) {
    return code === 'EPERM';
  }
}

/** A folder changes with what is added to it or removed from it. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

if (import.meta.filename === process.argv[1]) build();
