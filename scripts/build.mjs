/** Builds dist/ when a source is newer than it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'migrations', 'package-lock.json', 'tsconfig.json', 'nest-cli.json', '.swcrc'];
const BUILT = 'dist/src/main.js';
export const BUILD_ARGUMENTS = ['node_modules/@nestjs/cli/bin/nest.js', 'build'];

export function isBuilt() {
  return existsSync(BUILT) && SOURCES.every((path) => newest(path) < statSync(BUILT).mtimeMs);
}

export function ensureBuilt() {
  if (isBuilt()) return;
  const { status } = spawnSync(process.execPath, BUILD_ARGUMENTS, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(1);
}

/** A folder changes with what is added to it or removed from it. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
