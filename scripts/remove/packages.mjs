/** The packages that only a domain needs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from '../clean-tree.mjs';

const IMPORTED = /(?:from|import|import\() ?'((?:@[\w-]+\/)?[\w-][\w.-]*)(?:\/[^']*)?'/g;
const HOMES = ['src', 'test', 'scripts', 'tools', 'bench', 'migrations'];
const FILES = ['package.json', 'package-lock.json', '.npmrc'];
// Asks nobody: what is left is in the lock file already.
const LOCK = ['install', '--silent', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];

/** Those of package.json that files in these places import, and no others do. */
export function packagesOf(gone) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const going = gone.filter((path) => statSync(path).isDirectory()).flatMap(filesIn);
  const own = importedBy(going);
  const others = importedBy(HOMES.flatMap(filesIn).filter((file) => !going.includes(file)));
  // A package of types is imported by nobody.
  const isGone = (name) => own.has(name) && !others.has(name);
  const names = Object.keys({ ...dependencies, ...devDependencies });
  return names.filter((name) => isGone(name.replace(/^@types\//, '')));
}

function filesIn(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.m?[jt]s$/.test(file)).map((file) => join(folder, file));
}

function importedBy(files) {
  return new Set(files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(IMPORTED)].map(([, name]) => name)));
}

/** package.json without them. */
export function withoutPackages(source, { packages }) {
  return packages.reduce((text, name) => text.replace(new RegExp(`^ *"${name}": ".*\\n`, 'm'), ''), source);
}

/** Has the lock file and the page of licences follow package.json. */
export function updateLock() {
  const folder = mkdtempSync(join(tmpdir(), 'api-lock-'));
  // Elsewhere, as npm would take them from its record of what is installed as well.
  for (const file of FILES) copyFileSync(file, join(folder, file));
  run('npm', LOCK, folder);
  copyFileSync(join(folder, 'package-lock.json'), 'package-lock.json');
  rmSync(folder, { recursive: true });
  run('npm', ['run', '--silent', 'licenses']);
}

function run(command, args, cwd = '.') {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) refuse(`${command} ${args.join(' ')} failed: run it by hand, and then what is left`);
}
