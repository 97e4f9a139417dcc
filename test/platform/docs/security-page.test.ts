/** docs/security.md names the tests that hold each requirement: they must be there, and a person must be able to read it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
// A suite, then the names of tests in it.
const SUITE_OR_TEST = /`([\w/.-]+)`|"([^"]+)"/g;

// One part of a suite may be of `npm test`, the other of `npm run test:operations`.
const filesOf = (suite: string) =>
  [`test/${suite}.test.ts`, `test/platform/${suite}.test.ts`, `test/operations/${suite}.test.ts`, `${suite}.spec.ts`]
    .map((path) => join(ROOT, path))
    .filter((path) => existsSync(path));

const isSuite = (name: string) => filesOf(name).length > 0;

const lines = readFileSync(join(ROOT, 'docs/security.md'), 'utf8').split('\n');

/** Every test that the page names, with its suite. */
function named(): [suite: string, name: string][] {
  return lines.flatMap((line) => {
    let suite: string | undefined;
    return [...line.matchAll(SUITE_OR_TEST)].flatMap(([, code, name]): [string, string][] => {
      if (code) suite = isSuite(code) ? code : suite;
      return name && suite ? [[suite, name]] : [];
    });
  });
}

test('there are many', () => {
  expect(named().length).toBeGreaterThan(100);
});

// Names of tests and addresses stay whole.
test('no line is wider than an editor, and nothing is a table', () => {
  const wide = lines.filter((line) => line.startsWith('|') || (line.length > 120 && !/^  - `|https:/.test(line)));
  expect(wide).toEqual([]);
});

test('each suite that is named is there', () => {
  const suites = lines.flatMap((line) => /^  - `([\w/.-]+)` "/.exec(line)?.[1] ?? []);
  expect(suites.filter((suite) => !isSuite(suite))).toEqual([]);
});

test.each(named())('%s has "%s"', (suite, name) => {
  expect(filesOf(suite).filter((file) => readFileSync(file, 'utf8').includes(name))).not.toEqual([]);
});
