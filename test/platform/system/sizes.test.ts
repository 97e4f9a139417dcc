/** Files and functions stay small enough to be read at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../support/pages.js';

const MEDIAN_FILE = 40;
const LONGEST_FILE = 200;
const NINETY_PERCENT_OF_FUNCTIONS = 14;
const LONGEST_FUNCTION = 40;

interface Sized {
  name: string;
  lines: number;
}

const SRC = join(ROOT, 'src');
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .map((path) => ts.createSourceFile(path, readFileSync(join(SRC, path), 'utf8'), ts.ScriptTarget.Latest, true));

const files: Sized[] = sources.map((source) => ({ name: source.fileName, lines: source.text.split('\n').length - 1 }));
const functions: Sized[] = sources.flatMap(functionsOf);

/** Functions and methods, one inside another too; an arrow function counts when it has a body of statements. */
function functionsOf(source: ts.SourceFile): Sized[] {
  const found: Sized[] = [];
  const visit = (node: ts.Node): void => {
    if (isSized(node)) found.push({ name: nameOf(node, source), lines: linesOf(node, source) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isSized(node: ts.Node): boolean {
  if (ts.isArrowFunction(node)) return ts.isBlock(node.body);
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function linesOf(node: ts.Node, source: ts.SourceFile): number {
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.end) - lineAt(node.getStart(source)) + 1;
}

function nameOf(node: ts.Node, source: ts.SourceFile): string {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  const { name } = node as ts.FunctionLikeDeclaration;
  return `${source.fileName}:${line + 1} ${name?.getText(source) ?? ''}`.trim();
}

const above = (all: Sized[], most: number) =>
  all
    .filter(({ lines }) => lines > most)
    .toSorted((one, other) => other.lines - one.lines)
    .map(({ name, lines }) => `${name}: ${lines}`);

function quantile(all: Sized[], share: number): number {
  const lines = all.map((one) => one.lines).toSorted((one, other) => one - other);
  return lines[Math.ceil(lines.length * share) - 1]!;
}

test(`no file has more than ${LONGEST_FILE} lines, and half have ${MEDIAN_FILE} at most`, () => {
  expect(above(files, LONGEST_FILE)).toEqual([]);
  expect(quantile(files, 0.5)).toBeLessThanOrEqual(MEDIAN_FILE);
});

test(`no function has more than ${LONGEST_FUNCTION} lines, and nine in ten have ${NINETY_PERCENT_OF_FUNCTIONS} at most`, () => {
  expect(functions.length).toBeGreaterThan(500);
  expect(above(functions, LONGEST_FUNCTION)).toEqual([]);
  expect(quantile(functions, 0.9)).toBeLessThanOrEqual(NINETY_PERCENT_OF_FUNCTIONS);
});
