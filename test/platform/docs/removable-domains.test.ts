/** Suites that stay when a domain is removed do not name it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TESTS = join(__dirname, '../..');
const SHARED = ['platform', 'support'];
// Of test/operations/abuse.test.ts, which abuses posts among others.
const ABUSE = new Set(['support/abuses.ts', 'support/besieged.ts']);
const REMOVABLE = [['posts', 'post']] as const;

const files = SHARED.flatMap((folder) =>
  readdirSync(join(TESTS, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
).filter((name) => /\.(ts|mjs)$/.test(name) && !ABUSE.has(name) && join(TESTS, name) !== __filename);

const naming = (domain: string, row: string) =>
  new RegExp(`\\b${domain}\\b|\\b${row}_|\\b(?:TABLE|FROM|INTO|UPDATE|JOIN) "?${row}\\b`);

test.each(REMOVABLE)('no shared suite names %s', (domain, row) => {
  const lines = files.flatMap((name) =>
    readFileSync(join(TESTS, name), 'utf8')
      .split('\n')
      .flatMap((line, index) => (naming(domain, row).test(line) ? [`test/${name}:${index + 1} ${line.trim()}`] : [])),
  );
  expect(lines).toEqual([]);
});

test.each([
  ['`${PREFIX}/posts`', true],
  ["import { writePost } from '../../posts/posts.js';", true],
  ['LOCK TABLE post IN', true],
  ["'/x/{post_id}'", true],
  ['agent.post(path)', false],
  ['/** Posts a task. */', false],
])('%s names posts: %s', (line, isNamed) => {
  expect(naming('posts', 'post').test(line)).toBe(isNamed);
});
