/** A clone has no packages: what its scripts run needs none, or installs them first. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../support/pages.js';

const IMPORT = /^(?:import|export)(?: [^;']*? from)? '([^']+)';/gm;
// Of what is imported only when it runs, each file takes care itself.
const SCRIPT = /(?:^|&& |\| )node (\S+\.mjs)/g;

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const begun = Object.entries(scripts).flatMap(([name, command]) =>
  [...command.matchAll(SCRIPT)].map(([, file]) => [name, file!] as const),
);

/** The packages that a file and what it imports cannot be loaded without. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].flatMap(([, name]) => {
    if (name!.startsWith('.')) return packagesOf(join(dirname(file), name!), seen);
    return name!.startsWith('node:') ? [] : [`${file}: ${name}`];
  });
}

test('there are such scripts, and one would be found', () => {
  expect(begun.length).toBeGreaterThan(20);
  expect(packagesOf('scripts/generate.mjs')).not.toEqual([]);
});

test.each(begun)('npm run %s begins without packages: %s', (_, file) => {
  expect(packagesOf(file)).toEqual([]);
});
