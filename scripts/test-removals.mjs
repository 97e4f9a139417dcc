/**
 * `npm run test:removals`: takes each domain that can be removed out of a clone of the last commit, and then all of them
 * while the clone is adopted, and runs there what a commit must pass. Names of domains choose among them.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { removable } from './remove/domain.mjs';

ensureInstalled();
const chosen = process.argv.slice(2);
const domains = removable().filter((domain) => chosen.length === 0 || chosen.includes(domain));
const ways = domains.map((domain) => ['remove', '--', domain]);
if (chosen.length === 0) ways.push(['adopt', '--', 'my-api', '--without', domains.join()]);
const failed = ways.filter((way) => !isGreen(way));
process.stdout.write(`${ways.length - failed.length} passed, ${failed.length} failed\n`);
process.exit(failed.length === 0 ? 0 : 1);

function isGreen(way) {
  const folder = mkdtempSync(join(tmpdir(), 'api-removal-'));
  const run = (command, ...args) => spawnSync(command, args, { cwd: folder, stdio: 'inherit' }).status === 0;
  process.stdout.write(`== npm run ${way.join(' ')}\n`);
  try {
    return clone(folder, run) && run('npm', 'run', ...way) && run('npm', 'run', 'check');
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
