/** Holds .env.example against the settings classes, both ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { knownSettings } from '../../support/settings.js';

const ROOT = join(__dirname, '../../..');
const VARIABLE = /^(?:# )?([A-Z][A-Z0-9_]*)=/;
const EXPLANATION = /^# [A-Z].* .*\.$/;

const text = readFileSync(join(ROOT, '.env.example'), 'utf8');
const lines = text.split('\n');
const listed = lines.flatMap((line) => VARIABLE.exec(line)?.[1] ?? []);
const given = parseEnv(text);
let defaults: Record<string, unknown>;

beforeAll(async () => {
  defaults = await knownSettings();
});

test('it lists every setting once, and nothing else', () => {
  expect(listed.toSorted()).toEqual(Object.keys(defaults).toSorted());
});

test('what it gives is the default, and what has no default is commented out', () => {
  const known = Object.entries(defaults).filter(([, value]) => value !== undefined);
  expect(given).toEqual(Object.fromEntries(known.map(([name, value]) => [name, String(value)])));
});

test('a line above each variable explains it', () => {
  const bare = lines.filter((line, index) => VARIABLE.test(line) && !EXPLANATION.test(lines[index - 1] ?? ''));
  expect(bare).toEqual([]);
});
