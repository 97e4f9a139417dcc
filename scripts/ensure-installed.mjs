/** Installs the packages of the lock file when they are missing or not the ones that are installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';

export function ensureInstalled() {
  if (installed() === 'all') return;
  // npm would empty what others use.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) {
    process.stderr.write(
      'node_modules is a link to packages that are not those of package-lock.json: install them there.\n',
    );
    process.exit(1);
  }
  process.stderr.write('Installing packages (npm ci) …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' };
  const { status } = spawnSync(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], options);
  if (status !== 0) {
    process.stderr.write('The packages could not be installed: see above.\n');
    process.exit(1);
  }
}

/** How much of the lock file is installed: all, what a deployed system needs, or less. npm keeps a copy of what it did. */
export function installed() {
  const copy = 'node_modules/.package-lock.json';
  if (!existsSync(copy)) return 'nothing';
  const { packages: wanted } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const { packages: found } = JSON.parse(readFileSync(copy, 'utf8'));
  const missing = Object.entries(wanted).filter(
    ([path, { version, optional }]) => path !== '' && !optional && found[path]?.version !== version,
  );
  if (missing.length === 0) return 'all';
  return missing.every(([path, { dev, devOptional }]) => (dev || devOptional) && !found[path]) ? 'deployed' : 'other';
}

if (import.meta.filename === process.argv[1]) ensureInstalled();
