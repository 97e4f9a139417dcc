/**
 * `npm run openapi:breaking [-- old.json]`: what of openapi.json breaks clients of the last release, or of an older document.
 * Fails if there is something that its version does not announce.
 */
import { readFileSync } from 'node:fs';
import { breakages } from './openapi-breaking/compare.mjs';
import { isAnnounced, lastRelease } from './openapi-breaking/release.mjs';

const FILE = 'openapi.json';

const [file] = process.argv.slice(2);
const release = file ? { name: file, document: read(file) } : lastRelease(FILE);
if (release) compare(release.name, release.document, read(FILE));
else process.stdout.write(`No tag has an ${FILE}, so there is no release to compare with\n`);

function compare(name, old, next) {
  const found = breakages(old, next);
  for (const { what, operations } of found) process.stdout.write(`${what}\n    ${operations.join('\n    ')}\n`);
  process.stdout.write(`${found.length === 0 ? 'Nothing breaks' : 'This breaks'} clients of ${name}\n`);
  if (found.length === 0 || isAnnounced(old.info.version, next.info.version)) return;
  process.stdout.write('Take it back, or announce it by a higher APP_VERSION: docs/testing.md says how\n');
  process.exitCode = 1;
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
