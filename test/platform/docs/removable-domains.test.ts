/** Suites and benches that stay when a domain is removed do not name it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/pages.js';
import { FACTS } from '../../support/routes.js';

const files = ['test', 'bench'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /\.(ts|mjs)$/.test(name)),
);

const removable = Object.entries(FACTS).flatMap(([file, { names }]) =>
  names ? [{ domain: file.split('/')[1]!, names }] : [],
);

let dependentsOf: (domain: string) => { other?: string }[];
beforeAll(async () => {
  ({ dependentsOf } = (await import(join(ROOT, 'scripts/remove/domain.mjs'))) as { dependentsOf: typeof dependentsOf });
});

const isOwn = (file: string, domain: string) => file.replace(/^test\/operations\//, 'test/').split('/')[1] === domain;

test('no suite outside of the folders of a domain that can be removed names it', () => {
  const lines = removable.flatMap(({ domain, names }) => {
    // What needs it leaves with it.
    const leaving = [domain, ...dependentsOf(domain).flatMap(({ other }) => other ?? [])];
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
