/** A clone of the last commit, for work that rewrites it. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Does the work in a clone, which goes with it. Answers what the work answers, or false if there is no clone.
 * @template T
 * @param {(run: (command: string, ...args: string[]) => boolean, folder: string) => T} work run: whether a command has succeeded there
 */
export async function inClone(work) {
  const folder = mkdtempSync(join(tmpdir(), 'api-clone-'));
  const run = (command, ...args) => spawnSync(command, args, { cwd: folder, stdio: 'inherit' }).status === 0;
  try {
    return clone(folder, run) && (await work(run, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** With hooks: the package that installs them has no use without. */
function clone(folder, run) {
  if (!run('git', 'clone', '--quiet', resolve(), '.')) return false;
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  appendFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
  return run(process.execPath, 'scripts/install-hooks.mjs');
}
