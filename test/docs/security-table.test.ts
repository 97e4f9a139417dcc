/** docs/security.md names the tests that hold each requirement: they must be there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
// A suite, then the names of tests in it.
const SUITE_OR_TEST = /`([\w/.-]+)`|"([^"]+)"/g;

const fileOf = (suite: string) =>
  [`test/${suite}.test.ts`, `${suite}.spec.ts`].map((path) => join(ROOT, path)).find((path) => existsSync(path));

/** Every test that the tables name, with its suite. */
function named(): [suite: string, name: string][] {
  const lines = readFileSync(join(ROOT, 'docs/security.md'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    let suite: string | undefined;
    return [...line.matchAll(SUITE_OR_TEST)].flatMap(([, code, name]): [string, string][] => {
      if (code) suite = fileOf(code) ? code : suite;
      return name && suite ? [[suite, name]] : [];
    });
  });
}

test('there are many', () => {
  expect(named().length).toBeGreaterThan(100);
});

test.each(named())('%s has "%s"', (suite, name) => {
  expect(readFileSync(fileOf(suite)!, 'utf8')).toContain(name);
});
