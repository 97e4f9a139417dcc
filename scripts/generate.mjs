/** `npm run generate -- domain <name> [field …]`: writes what is asked for, or changes nothing. `--help` has the grammar. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { sourcesIn } from '../tools/schematics/existing/sources.mjs';
import { planField } from '../tools/schematics/field/plan.mjs';
import { plan } from '../tools/schematics/plan.mjs';
import { Refusal } from '../tools/schematics/refusal.mjs';
import { HELP, requestOf } from '../tools/schematics/request.mjs';
import { planTask } from '../tools/schematics/task.mjs';
import { dated } from './dated.mjs';
import { completed } from './generate/ask.mjs';
import { isShared } from './generate/shared-table.mjs';
import { FILES as DESCRIBED, writeDocument } from './openapi/file.mjs';
import { pretty } from './pretty.mjs';

const PLANS = { domain: plan, field: planField, task: planTask };

const [command, ...given] = process.argv.slice(2);
if (!command || command === 'help' || process.argv.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(command ? 0 : 1);
}
const canAsk = command === 'domain' && process.stdin.isTTY && process.stdout.isTTY;
const [asked, isDry] = attempt(() => requestOf(command, given, parseArgs, canAsk));
const sources = sourcesIn(['src', 'test']);
const request = canAsk && asked.fields.length === 0 ? await completed(asked, (one) => plan(one, sources)) : asked;
const planned = attempt(() => PLANS[command](request, sources));
const { names, migration, others = [] } = planned;
attempt(requireValues);
const written = await textsOf(planned);
const before = new Map(
  [...new Set([...written.keys(), ...DESCRIBED])].map((path) => [
    path,
    existsSync(path) ? readFileSync(path, 'utf8') : undefined,
  ]),
);
if (isDry) {
  tell('create', 'change');
  process.exit(0);
}
const migrations = new Set(readdirSync('migrations'));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => giveUp('Interrupted'));
try {
  writeAll(written);
  if (migration) migrate();
  // Whoever reads tasks may meet a new one too.
  await writeDocument();
} catch (error) {
  giveUp(error.message);
}
tell('created', 'changed');
for (const path of others) say(`names its fields ${path}`);

function attempt(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

/** What rows must have a value for can only be added to a table that nobody else has. */
function requireValues() {
  const { table, required = [] } = migration ?? {};
  if (required.length === 0 || !isShared(table)) return;
  throw new Refusal(`Other databases may have rows in "${table}" without ${required.join(' and ')}: make it optional`);
}

/** All that is written, formatted. */
async function textsOf({ files, insertions = [] }) {
  const texts = new Map(files);
  for (const { path, line, before: anchor } of insertions) {
    const lines = (texts.get(path) ?? readFileSync(path, 'utf8')).split('\n');
    const at = lines.findIndex((one) => anchor.test(one));
    if (at < 0)
      attempt(() => refuse(`${path} has no line that matches ${anchor}, before which ${line.trim()} belongs`));
    texts.set(path, lines.toSpliced(at, 0, line).join('\n'));
  }
  for (const [path, text] of texts) texts.set(path, await pretty(path, text));
  return texts;
}

function refuse(message) {
  throw new Refusal(message);
}

function writeAll(texts) {
  for (const [path, text] of texts) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: before.get(path) === undefined ? 'wx' : 'w' });
  }
}

/** Writes the migration from the entities, and runs it. */
function migrate() {
  const args = ['scripts/with-database.mjs', 'scripts/change-tables.mjs', JSON.stringify(migration)];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim());
}

/** Leaves everything as it was. */
function giveUp(message) {
  for (const [path, text] of before)
    if (text === undefined) rmSync(path, { force: true });
    else writeFileSync(path, text);
  for (const folder of [`src/${names.plural}`, `test/${names.plural}`])
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  for (const file of readdirSync('migrations')) if (!migrations.has(file)) rmSync(join('migrations', file));
  process.stderr.write(`${message}\nNothing was written.\n`);
  process.exit(1);
}

function tell(create, change) {
  for (const [path, text] of before) say(`${text === undefined ? create : change} ${path}`);
  if (migration) say(`${create} ${dated(migration.slug)}`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
