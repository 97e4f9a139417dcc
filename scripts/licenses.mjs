/**
 * `npm run licenses`: writes docs/licences.md, the licences of all packages that a deployed system has, from the lock
 * file; `--check` only compares. Fails when a licence is not one of those allowed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const LIST = 'docs/licences.md';
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  // Of libvips, which sharp loads as a library of its own.
  'LGPL-3.0-or-later',
  // Of argparse, which is a port of Python's.
  'Python-2.0',
]);
// What the package itself says elsewhere: in its licence file, in its read-me, or in an old form.
const READ = {
  decko: 'MIT',
  'passport-strategy': 'MIT',
  pause: 'MIT',
  stickyfill: 'MIT',
  'url-template': 'BSD-3-Clause',
};

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const licences = new Map();
for (const [path, { dev, link, license }] of Object.entries(packages)) {
  if (path === '' || dev || link) continue;
  const name = path.split('node_modules/').at(-1);
  const licence = READ[name] ?? license ?? 'none';
  licences.set(licence, (licences.get(licence) ?? new Set()).add(name));
}

const refused = [...licences].filter(([licence]) => !isAllowed(licence));
for (const [licence, names] of refused) process.stderr.write(`${licence} is not allowed: ${[...names].join(', ')}\n`);
if (refused.length > 0) process.exit(1);

const text = await format(
  `# Licences

The packages of the lock file that a deployed system has, by licence, those of other platforms included. Written by
\`npm run licenses\`, which refuses other licences; \`node_modules\` holds the texts.

${[...licences]
  .toSorted(([, one], [, other]) => other.size - one.size)
  .map(([licence, names]) => `## ${licence}\n\n${[...names].toSorted().join(' · ')}`)
  .join('\n\n')}
`,
  { ...(await resolveConfig(LIST)), parser: 'markdown' },
);
if (!process.argv.includes('--check')) writeFileSync(LIST, text);
else if (readFileSync(LIST, 'utf8') !== text) {
  process.stderr.write(`${LIST} is not what the lock file says: npm run licenses\n`);
  process.exit(1);
}

/** One of several is enough; where several hold together, each has to be allowed (SPDX expressions). */
function isAllowed(expression) {
  const choices = expression.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((one) => ALLOWED.has(one)));
}
