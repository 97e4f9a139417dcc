/** What stays when a domain is removed: suites and benches that do not name it, and the rows of the routes of others. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeIn, ROOT, tableRows, text } from '../../support/pages.js';
import { FACTS } from '../../support/routes.js';

const files = ['test', 'bench'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /\.(ts|mjs)$/.test(name)),
);

const removable = Object.entries(FACTS).flatMap(([file, { names }]) =>
  names ? [{ domain: file.split('/')[1]!, names }] : [],
);

interface Removing {
  dependentsOf(domain: string): { other?: string }[];
  namesOf(domains: string[]): object;
  withoutRows(page: string, names: object): string;
}

let removing: Removing;
beforeAll(async () => {
  const parts = ['domain', 'lines'].map((name) => import(join(ROOT, `scripts/remove/${name}.mjs`)) as Promise<object>);
  removing = Object.assign({}, ...(await Promise.all(parts))) as Removing;
});

const isOwn = (file: string, domain: string) => file.replace(/^test\/operations\//, 'test/').split('/')[1] === domain;

test('no suite outside of the folders of a domain that can be removed names it', () => {
  const lines = removable.flatMap(({ domain, names }) => {
    // What needs it leaves with it.
    const leaving = [domain, ...removing.dependentsOf(domain).flatMap(({ other }) => other ?? [])];
    return files
      .filter((file) => !leaving.some((one) => isOwn(file, one)))
      .flatMap((file) =>
        readFileSync(join(ROOT, file), 'utf8')
          .split('\n')
          .flatMap((line, index) => (names.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
      );
  });
  expect(lines).toEqual([]);
});

test.each([
  ['test/notes/writing.test.ts', true],
  ['test/operations/notes/reports.test.ts', true],
  ['bench/notes/reads.mjs', true],
  ['test/platform/http/notes.test.ts', false],
  ['test/operations/http/notes.test.ts', false],
])('%s is in a folder of notes: %s', (file, isThere) => {
  expect(isOwn(file, 'notes')).toBe(isThere);
});

test.each(removable)('the rows of the routes of $domain go with it, and no others', ({ domain }) => {
  const page = text('docs/api.md');
  const own = Object.keys(FACTS[`test/${domain}/${domain}.facts.ts`]!.routes);
  const routesOf = (source: string) =>
    tableRows(source).flatMap(([first]) => codeIn(first!).filter((code) => /^[A-Z]+ \//.test(code)));
  const left = removing.withoutRows(page, removing.namesOf([domain]));
  expect(routesOf(left)).toEqual(routesOf(page).filter((route) => !own.includes(route)));
});
