/** docs/bounds.md has a row for each bound, what a row names is there, and a person can read it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf, codeIn, ROOT, text } from '../../support/pages.js';

const SETTING = /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/;
// Settings with such a word in their name are bounds of what clients use.
const BOUND = /(?:^|_)(?:MAX|LIMIT|PER|TIMEOUT)(?:_|$)/;
// How long clients may keep what they have got.
const NO_BOUNDS = new Set(['CLIENT_CACHE_MAX_AGE']);
const WIDEST = 200;

const page = text('docs/bounds.md');
const lines = page.split('\n');
const known = new Set([...text('.env.example').matchAll(/^(?:# )?([A-Z\d_]+)=/gm)].map(([, name]) => name!));
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => text(join('src', path)))
  .join('\n');

interface Row {
  bound: string;
  setting: string;
  answer: string;
  metric: string;
  test: string;
}

function rows(): Row[] {
  const [head, , ...rest] = lines.filter((line) => line.startsWith('|')).map(cellsOf);
  return rest.map((cells) => Object.fromEntries(cells.map((cell, index) => [head![index]!.split(' ', 1)[0], cell])));
}

/** `http/routes` is test/platform/http/routes.test.ts, `limits/rates/counts` one beside its source in src/platform. */
const hasTest = (name: string): boolean =>
  [
    `test/${name}.test.ts`,
    `test/platform/${name}.test.ts`,
    `test/operations/${name}.test.ts`,
    `test/${name}.faults.ts`,
    `src/platform/${name}.spec.ts`,
  ].some((path) => existsSync(join(ROOT, path)));

test('each row is complete and no line wider than an editor', () => {
  expect(rows().length).toBeGreaterThan(10);
  expect(rows().filter((row) => Object.keys(row).length !== 5 || Object.values(row).includes(''))).toEqual([]);
  expect(lines.filter((line) => line.length > WIDEST)).toEqual([]);
});

test('each setting of a bound has a row', () => {
  const missing = [...known].filter(
    (name) => BOUND.test(name) && !NO_BOUNDS.has(name) && !page.includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});

test.each(rows())('$bound: its setting, metric and tests are there', ({ setting, metric, test: tests }) => {
  expect(codeIn(setting).filter((name) => SETTING.test(name) && !known.has(name))).toEqual([]);
  const metrics = codeIn(metric).map((name) => name.replace(/\{.*/, ''));
  expect(metrics.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
  expect(codeIn(tests).length).toBeGreaterThan(0);
  expect(codeIn(tests).filter((name) => !hasTest(name))).toEqual([]);
});
