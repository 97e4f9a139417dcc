/** What more fields change of the tests of a domain: its facts, and the suite that was generated with it. */
import ts from 'typescript';
import { kibibytesOf } from '../routes.mjs';
import { givenOf, isPlayed, ownerlessOf, samplesOf, testOf, uniqueTests, variable } from '../suites.mjs';
import { callOf, propertyOf, within } from '../existing/syntax.mjs';

export function changeFacts(source, { names, fields, owner, bytes }) {
  const body = source.variable(variable(names))?.value ?? source.refuse(`const ${variable(names)}, a good body`);
  const facts = source.variable('facts')?.value ?? source.refuse('const facts');
  source.append(body, samplesOf(fields));
  allow(source, facts, kibibytesOf(fields, bytes), variable(names));
  const exported = propertyOf(facts, 'exported');
  if (!owner && !exported) source.insert(facts.properties[0].getStart(), ownerlessOf(names.table, fields));
  if (exported) select(source, exported, names, fields);
}

/** Bodies as large as the controllers let them be. */
function allow(source, facts, kibibytes, body) {
  const routes = propertyOf(facts, 'routes')?.properties ?? source.refuse('routes');
  for (const { initializer } of routes) {
    if (propertyOf(initializer, 'body')?.getText() !== body) continue;
    const limit = propertyOf(initializer, 'bodyKibibytes');
    if (!limit && kibibytes) source.append(initializer, [`bodyKibibytes: ${kibibytes}`]);
    else if (limit && kibibytes > Number(limit.getText())) source.replace(limit.getStart(), limit.end, `${kibibytes}`);
  }
}

/** Where the facts have SQL that reads the rows, it reads the new columns too. */
function select(source, exported, { table }, fields) {
  for (const text of within(exported, ts.isNoSubstitutionTemplateLiteral)) {
    const columns = new RegExp(`^.SELECT [\\w:, [\\]]+?(?=, created_at[^;]* FROM ${table}\\b)`).exec(text.getText());
    const added = fields.map((field) => `, ${selected(field)}`).join('');
    if (columns) source.insert(text.getStart() + columns[0].length, added);
  }
}

/** A column as the response has it: the driver makes texts of large numbers, and instants of days. */
function selected({ column, kind, isList }) {
  const type = isList ? kind.array : kind.column[0];
  if (type === 'bigint') return `${column}::float8${isList ? '[]' : ''}`;
  return type === 'date' ? `${column}::text` : column;
}

/** Fills in what only a suite can, and tries what has to be unique. */
export function changeSuite(source, domain) {
  const { names, fields, owner } = domain;
  if (isPlayed(fields) && !source.text.includes('.filled(')) play(source, variable(names), owner);
  const tests = uniqueTests(names, fields, owner).map(testOf);
  const { statements } = source.tree;
  const next = statements.find((one) => /^test\('a superuser (purges|restores) /.test(one.getText()));
  for (const test of tests) source.insert(next?.getStart() ?? statements.end, next ? `${test}\n` : `\n\n${test}`);
}

function play(source, body, owner) {
  if (!source.variable('root')) signInRoot(source);
  const blocks = source.tree.statements.map(blockOf).filter(Boolean);
  const isBody = (node) => ts.isIdentifier(node) && node.text === body;
  for (const block of blocks) {
    const first = block.statements.find((one) => within(one, isBody).length > 0);
    if (!first) continue;
    source.insert(first.getStart(), `${givenOf(body, owner)}\n`);
    for (const node of within(block, isBody)) source.replace(node.getStart(), node.end, 'given');
  }
}

/** What a test does. */
function blockOf({ expression }) {
  const call = expression && callOf(expression);
  return call?.name === 'test' ? call.args.at(-1).body : undefined;
}

function signInRoot(source) {
  const { statement } = source.variable('api') ?? source.refuse('let api');
  const starts = within(source.tree, ts.isExpressionStatement).find((one) => one.getText() === 'api = await useApi();');
  if (!starts) source.refuse('api = await useApi()');
  source.insert(statement.end, '\nlet root: User;');
  source.insert(starts.end, '\nroot = await api.superuser();');
}
