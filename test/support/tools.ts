/** Tools that only suites of operations run: pinned, and installed on first use beside the packages, not among them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HOME = join(__dirname, '../../node_modules/.cache/tools');

type Step = [command: string, ...args: string[]];

/** Where packages of npm are, such as `orval@7.13.0`, with those that they bring. */
export function npmTools(...packages: string[]): string {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  return installed(packages, (folder) => [['npm', 'install', '--prefix', folder, ...options, ...packages]]);
}

/** An environment of Python with packages such as `schemathesis==4.32.0`. */
export function pythonTools(...packages: string[]): string {
  return installed(packages, (folder) => [
    ['python3', '-m', 'venv', folder],
    [join(folder, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', ...packages],
  ]);
}

// Its sources ask for a file that only its releases have.
const FERRETDB = `folder=$(go mod download -json github.com/FerretDB/FerretDB@$1 | sed -n 's/.*"Dir": "\\(.*\\)".*/\\1/p')
cp -r "$folder" "$2/source" && chmod -R u+w "$2/source" && cd "$2/source"
echo "$1" >build/version/version.txt
go build -o ../ferretdb ./cmd/ferretdb`;

/** The program of FerretDB, built with Go. */
export function ferretdb(version: string): string {
  const folder = installed([`ferretdb@${version}`], (into) => [['sh', '-euc', FERRETDB, 'sh', version, into]]);
  return join(folder, 'ferretdb');
}

/** Where tools are, once the steps have been taken that install them there. */
export function installed(packages: string[], stepsIn: (folder: string) => Step[]): string {
  const folder = join(HOME, createHash('sha256').update(packages.join()).digest('hex').slice(0, 16));
  const stamp = join(folder, '.installed');
  if (existsSync(stamp)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [command, ...args] of stepsIn(folder))
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  writeFileSync(stamp, '');
  return folder;
}
