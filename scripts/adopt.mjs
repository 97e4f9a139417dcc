/**
 * `npm run adopt -- my-api` makes the template, or a project that was made of it, bear another name. The first time it also
 * begins version, changelog and README anew, and writes down in package.json which template it was. On a terminal,
 * `npm run adopt` alone asks.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { nameProblem, textProblem, titleOf } from './adopt/names.mjs';
import { changelog, licenceOf, readme } from './adopt/pages.mjs';
import { PLACES, renamed } from './adopt/places.mjs';
import { refuse, uncommitted } from './clean-tree.mjs';
import { writeDocument } from './openapi/file.mjs';
import { pretty } from './pretty.mjs';

const USAGE =
  'npm run adopt -- my-api [--title "My API"] [--description text] [--holder name] [--without posts,…] [--force]';
const TEXTS = ['title', 'description', 'holder'];
// It is about the template.
const TEMPLATE_PAGE = 'docs/from-fastapi.md';

const project = JSON.parse(readFileSync('package.json', 'utf8'));
const old = {
  name: project.name,
  title: read('.env.example', /^APP_NAME=(.*)$/m),
  description: read('.env.example', /^APP_DESCRIPTION=(.*)$/m),
};
const isFirst = project.template === undefined;
const { name, without, ...given } = await answers();
const next = { ...old, title: titleOf(name), holder: `the ${given.title ?? titleOf(name)} authors`, ...given, name };
remove(without);
// A name of another length moves the columns of a table.
const files = await Promise.all([...rewritten()].map(async ([file, source]) => [file, await pretty(file, source)]));
for (const [file, source] of files) writeFileSync(file, source);
if (isFirst) rmSync(TEMPLATE_PAGE, { force: true });
await writeDocument();
process.stdout.write(`${old.name} is ${name} now: read git diff, then npm run check\n`);

/** What is wanted, from the command line or asked for, if it is good. */
async function answers() {
  const { values, positionals } = options();
  const isAsked = positionals.length === 0 && process.stdin.isTTY;
  if (positionals.length > 1 || (positionals.length === 0 && !isAsked)) refuse(USAGE);
  const { force, ...wanted } = isAsked
    ? { ...(await ask()), force: values.force }
    : { ...values, name: positionals[0] };
  const bad = TEXTS.filter((option) => wanted[option] !== undefined).map((one) => textProblem(one, wanted[one]));
  const problem = nameProblem(wanted.name) ?? bad.find(Boolean) ?? (force ? undefined : uncommitted());
  if (problem) refuse(problem);
  return wanted;
}

function options() {
  const text = { type: 'string' };
  const known = { title: text, description: text, holder: text, without: text, force: { type: 'boolean' } };
  try {
    return parseArgs({ allowPositionals: true, options: known });
  } catch {
    return refuse(USAGE);
  }
}

async function ask() {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answered = { name: await lines.question('Name, such as my-api: ') };
  const problem = nameProblem(answered.name);
  if (problem) refuse(problem);
  const title = titleOf(answered.name);
  const asked = { title, description: old.description, holder: `the ${title} authors`, without: 'none' };
  for (const [option, initial] of Object.entries(asked)) {
    const answer = await lines.question(`${titleOf(option)} (${initial}): `);
    if (answer !== '') answered[option] = answer;
  }
  lines.close();
  return answered;
}

/** Takes domains out; nothing has been written if one cannot be. */
function remove(domains) {
  if (domains === undefined || domains === 'none') return;
  const { status } = spawnSync(process.execPath, ['scripts/remove.mjs', ...domains.split(','), '--force'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}

/** Each file that changes, with its text. */
function rewritten() {
  const texts = new Map();
  const textOf = (file) => texts.get(file) ?? readFileSync(file, 'utf8');
  for (const place of PLACES) {
    const source = renamed(textOf(place.file), place, old, next);
    if (source === undefined)
      process.stdout.write(`${place.file} does not have the ${place.key} where it was: skipped\n`);
    else texts.set(place.file, source);
  }
  for (const file of ['package.json', 'package-lock.json']) texts.set(file, packageOf(JSON.parse(textOf(file))));
  texts.set(
    'README.md',
    isFirst ? readme(next, textOf('README.md')) : textOf('README.md').replace(/^# .*/, `# ${next.title}`),
  );
  if (isFirst) texts.set('CHANGELOG.md', changelog());
  if (isFirst || given.holder !== undefined) texts.set('LICENSE', licenceOf(textOf('LICENSE'), next.holder, isFirst));
  return texts;
}

/** A package.json or a package-lock.json under the new name. */
function packageOf(json) {
  const { version } = project;
  const own = { name, ...(isFirst && { version: '0.1.0' }) };
  Object.assign(json, own);
  if (json.packages) Object.assign(json.packages[''], own);
  else Object.assign(json, { description: next.description }, isFirst && { template: { name: old.name, version } });
  return `${JSON.stringify(json, null, 2)}\n`;
}

function read(file, pattern) {
  return pattern.exec(readFileSync(file, 'utf8'))?.[1] ?? refuse(`${file} no longer has ${pattern.source}`);
}
