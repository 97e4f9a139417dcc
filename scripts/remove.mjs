/**
 * `npm run remove -- posts` takes domains out: their folders, what shared files say of them, and their tables. Migrations
 * that never left this clone go too; for others, one is written that drops the tables.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { refuse, uncommitted } from './clean-tree.mjs';
import { writeDocument } from './openapi/file.mjs';
import { pretty } from './pretty.mjs';
import {
  dependentsOf,
  domains,
  foldersOf,
  foldersOfRoom,
  namesOf,
  PERMANENT,
  ROOT_MODULES,
  roomsOf,
} from './remove/domain.mjs';
import { fieldsOf, filesWith, withoutFields } from './remove/fields.mjs';
import { withoutMention, withoutModules, withoutRows, withoutSettings } from './remove/lines.mjs';
import { dropping, migrationsOf, split } from './remove/migrations.mjs';
import { packagesOf, updateLock, withoutPackages } from './remove/packages.mjs';

const USAGE = 'npm run remove -- posts [another …] [--with-dependents] [--dry-run] [--force]';
// What has been decided, released or measured is history.
const HISTORY = [':!docs/decisions', ':!CHANGELOG.md', ':!bench/results'];

const { names, isDry } = wanted();
const rooms = roomsOf(names);
const gone = [...names.flatMap(foldersOf), ...rooms.flatMap(foldersOfRoom)];
const domain = { ...namesOf(names, rooms), packages: packagesOf(gone) };
const fields = fieldsOf(names);
const files = new Map();
const reverted = await plan();
print();
if (!isDry) await carryOut();

function wanted() {
  const { positionals, values } = options();
  if (positionals.length === 0) refuse(USAGE);
  const all = new Set(positionals);
  for (const name of all) {
    if (PERMANENT.has(name)) refuse(`${name} stays: everything else needs it`);
    if (!domains().includes(name)) refuse(`There is no domain ${name} in src/`);
    for (const { other, file } of dependentsOf(name)) {
      if (all.has(other)) continue;
      if (other === undefined || PERMANENT.has(other)) refuse(`${file} needs ${name}: change it first`);
      if (!values['with-dependents'])
        refuse(`${file} needs ${name}: take ${other} out as well (--with-dependents), or change it first`);
      all.add(other);
    }
  }
  const dirt = values.force || values['dry-run'] ? undefined : uncommitted(all);
  if (dirt) refuse(dirt);
  return { names: [...all], isDry: values['dry-run'] };
}

function options() {
  const flag = { type: 'boolean' };
  try {
    return parseArgs({ allowPositionals: true, options: { 'with-dependents': flag, 'dry-run': flag, force: flag } });
  } catch {
    return refuse(USAGE);
  }
}

/** What changes, and which migrations go. */
async function plan() {
  for (const file of ROOT_MODULES) edit(file, (source) => withoutModules(source, domain));
  for (const file of pages()) edit(file, (source) => withoutMention(withoutRows(source, domain), domain));
  for (const one of fields) for (const file of filesWith(one)) edit(file, (source) => withoutFields(source, one));
  edit('.env.example', (source) => withoutSettings(source, domain));
  edit('package.json', (source) => withoutPackages(source, domain));
  const stay = namesOf(domains().filter((one) => !names.includes(one)));
  const columns = fields.flatMap(({ other, names: own }) => namesOf([other]).tables.map((table) => [table, own]));
  const [left, fresh] = split(await migrationsOf(domain.tables, stay.tables, columns));
  gone.push(...fresh.map(({ file }) => `migrations/${file}`));
  if (left.length > 0 || (fresh.length === 0 && domain.tasks.length > 0))
    files.set(...dropping(left, names, domain.tasks));
  return fresh.map(({ name }) => name);
}

function pages() {
  const docs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  return ['README.md', ...docs.map((file) => `docs/${file}`)].filter((file) => !gone.includes(file));
}

function edit(file, change) {
  const source = files.get(file) ?? readFileSync(file, 'utf8');
  const changed = change(source);
  if (changed !== source) files.set(file, changed);
}

function print() {
  for (const path of gone) process.stdout.write(`deletes  ${path}\n`);
  for (const file of files.keys()) process.stdout.write(`${existsSync(file) ? 'changes' : 'writes '}  ${file}\n`);
}

async function carryOut() {
  if (reverted.length > 0) revert();
  const formatted = await Promise.all([...files].map(async ([file, source]) => [file, await pretty(file, source)]));
  for (const path of gone) rmSync(path, { recursive: true });
  for (const [file, source] of formatted) writeFileSync(file, source);
  if (domain.packages.length > 0) updateLock();
  await writeDocument();
  for (const line of mentions()) process.stdout.write(`${line}\n`);
  process.stdout.write('Read git diff, then npm run check\n');
}

/** Nothing is left in the database of what no migration tells of any more. */
function revert() {
  if (!existsSync('.data/postgres') && !existsSync('.env') && !process.env.POSTGRES_URL) return;
  const args = [
    'scripts/with-database.mjs',
    'scripts/remove/revert.mjs',
    JSON.stringify({ migrations: reverted, tasks: domain.tasks }),
  ];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) refuse('The database still has the tables: see above. Nothing has been taken out');
}

/** The files that still have the word, as prose is for people to change. */
function mentions() {
  const words = names.flatMap((name) => ['-e', name]);
  const args = ['grep', '--untracked', '-cIwF', ...words, '--', '*.md', 'test', 'bench', ...HISTORY];
  const { stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [`mentions ${line.replace(/:(\d+)$/, ' ($1)')}`]));
}
