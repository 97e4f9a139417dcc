/** The migrations of a domain: which go with it, and the one that drops its tables where they stay. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { transform } from '@swc/core';
import { refuse } from '../clean-tree.mjs';
import { dated } from '../dated.mjs';
import { migrationText } from '../migration-text.mjs';

const QUOTED = /"([a-z][a-z0-9_]*)"|\b(?:TABLE|INTO|UPDATE|FROM) ([a-z][a-z0-9_]*)/g;
const AS_MODULE = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
};

/**
 * What each migration does to these tables, and takes back, oldest first.
 * @param {string[]} others tables that stay, whose names may begin like those of ours
 * @param {[string, string[]][]} fields columns of those that are ours, by table
 */
export async function migrationsOf(tables, others, fields = []) {
  const files = readdirSync('migrations').filter((file) => file.endsWith('.ts'));
  const all = await Promise.all(files.map((file) => read(file, tables)));
  const known = [...others, ...all.flatMap(({ up }) => up.flatMap(createdBy))];
  const isOurs = (statement) => isField(statement, fields) || isAbout(statement, tables, known);
  return all
    .toSorted((a, b) => a.time - b.time)
    .map((one) => ({
      ...one,
      isWhole: [...one.up, ...one.down].every(isOurs),
      up: one.up.filter(isOurs),
      down: one.down.filter(isOurs),
    }))
    .map((one, index, every) => ({ ...one, isOfTheLast: every.slice(index).every(({ up }) => up.length > 0) }))
    .filter(({ up }) => up.length > 0);
}

/** Those that can be forgotten, at the end: the last ones, about nothing else, and in no commit that another repository has. */
export function split(migrations) {
  const isFresh = ({ file, isWhole, isOfTheLast }) => isWhole && isOfTheLast && isOnlyHere(file);
  const first = migrations.findLastIndex((one) => !isFresh(one)) + 1;
  return [migrations.slice(0, first), migrations.slice(first)];
}

/** The statements, which are told to nobody. */
async function read(file, tables) {
  const source = readFileSync(`migrations/${file}`, 'utf8');
  const time = timeOf(source);
  try {
    const { code } = await transform(source, AS_MODULE);
    const [[name, Migration]] = Object.entries(await import(`data:text/javascript,${encodeURIComponent(code)}`));
    return { file, name, time, up: await recorded(Migration, 'up'), down: await recorded(Migration, 'down') };
  } catch {
    const isNamed = tables.some((table) => new RegExp(`\\b${table}(?:\\b|_)`).test(source));
    if (isNamed) refuse(`migrations/${file} does more than run statements: drop what it made by hand`);
    return { file, name: '', time, up: [], down: [] };
  }
}

async function recorded(Migration, way) {
  const statements = [];
  const query = async (sql) => {
    statements.push(sql.trim());
    return [];
  };
  await new Migration()[way]({ query });
  return statements;
}

/** The table that a statement makes: one of a domain that was taken out before is still told of by migrations. */
const createdBy = (statement) => /^CREATE TABLE "([^"]+)"/.exec(statement)?.slice(1) ?? [];

/** Whether a statement adds or drops one of these columns. */
function isField(statement, fields) {
  return fields.some(([table, names]) =>
    names.some((name) => new RegExp(`^ALTER TABLE "${table}" (?:ADD|DROP COLUMN) "${name}"`).test(statement)),
  );
}

/**
 * A statement is about the table that its first name begins with: that of an index or trigger begins with its table's. What
 * a function does with other tables says nothing.
 */
function isAbout(statement, tables, others) {
  const [head] = statement.split(' AS $$');
  const names = [...head.matchAll(QUOTED)]
    .map(([, quoted, bare]) => quoted ?? bare)
    .filter((name) => name !== 'public');
  const owner = (name) =>
    [...tables, ...others]
      .filter((table) => name === table || name.startsWith(`${table}_`))
      .toSorted((a, b) => b.length - a.length)[0];
  return tables.includes(names.map(owner).find((table) => table !== undefined));
}

/** Whether it is in no commit that another repository has. */
function isOnlyHere(file) {
  const args = ['log', '--remotes', '--format=%h', '-1', '--', `migrations/${file}`];
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 && stdout === '';
}

/** The migration that drops what these made, and makes it again. Tasks that nobody can run would stop the worker. */
export function dropping(migrations, domains, tasks, day = new Date()) {
  const slug = `drop-${domains.join('-and-')}`;
  const latest = readdirSync('migrations').map((file) => timeOf(readFileSync(`migrations/${file}`, 'utf8')));
  const time = Math.max(day.getTime(), ...latest.map((one) => one + 1));
  const up = [...migrations.toReversed().flatMap(({ down }) => down), ...withoutTasks(tasks)];
  const down = migrations.flatMap((one) => one.up);
  return [dated(slug, day), migrationText(slug, time, up, down)];
}

const timeOf = (source) => Number(/ class \w+?(\d{13}) /.exec(source)?.[1] ?? 0);

/** What takes the tasks out that are still to be run, and what is known of their schedules. */
export function withoutTasks(tasks) {
  if (tasks.length === 0) return [];
  const names = tasks.map((name) => `'${name}'`).join(', ');
  return [
    `DELETE FROM "task" WHERE "name" IN (${names}) AND "status" IN ('queued', 'delayed', 'active')`,
    `DELETE FROM "task_schedule" WHERE "name" IN (${names})`,
  ];
}
