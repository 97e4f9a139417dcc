/** `npm run adopt`: the project under another name, with nothing left of the template's. */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clone, ROOT } from '../../support/clone.js';

const TIMEOUT = 300_000;
const isRemovable = (name: string) => !/\.ts$|^(?:auth|platform|tasks|users)$/.test(name);
// Not as they are, or they would be found here.
const [NEXT, OTHER] = [['next', 'name'].join('-'), ['other', 'name'].join('-')];

const project = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; template?: object };

let clone: Clone;
// A project that has been adopted adopts itself as if it were a template.
beforeAll(() => {
  clone = new Clone();
  writeFileSync(
    join(clone.folder, 'package.json'),
    `${JSON.stringify({ ...project, template: undefined }, null, 2)}\n`,
  );
  clone.commit();
});
afterEach(() => clone.reset());
afterAll(() => clone.remove());

/** The lines that match, without those of files that must name where the project comes from. */
function linesWith(pattern: string): string[] {
  const { output } = clone.run('git', ['grep', '--untracked', '-niE', pattern]);
  return output.split('\n').filter((line) => line !== '' && !/^(LICENSE|package\.json):/.test(line));
}

const linesOf = (file: string, pattern: RegExp) =>
  clone
    .read(file)
    .split('\n')
    .filter((line) => pattern.test(line))
    .map((line) => line.trim());

const adopted = (...args: string[]) =>
  expect(clone.script('adopt', ...args)).toEqual({ status: 0, output: expect.stringContaining(' now: read git diff') });

function succeeds(...args: string[]): void {
  const { status, output } = clone.run('npm', args);
  expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
}

test('the name of the template is gone, but where the licence and package.json name the source', () => {
  adopted('my-api', '--holder', "O'Hara & Sons");
  // Any other name may be a common word.
  const [first, second, last] = project.name.split('-');
  expect(project.template ? [] : linesWith(`${first}.?${second}|${last}`)).toEqual([]);
  expect(linesOf('LICENSE', /^Copyright/)).toEqual([
    `Copyright (c) ${new Date().getFullYear()} O'Hara & Sons`,
    ...readFileSync(join(ROOT, 'LICENSE'), 'utf8').match(/^Copyright.*$/gm)!,
  ]);
  expect(JSON.parse(clone.read('package.json'))).toMatchObject({
    name: 'my-api',
    version: '0.1.0',
    template: { name: project.name, version: expect.any(String) },
  });
  expect(clone.read('README.md')).toMatch(/^# My api\n/);
  expect(clone.read('.env.example')).toContain('\nAPP_NAME=My api\n');
  expect(clone.read('CHANGELOG.md')).toContain('## 0.1.0');
  expect(JSON.parse(clone.read('openapi.json'))).toMatchObject({ info: { title: 'My api' } });
  succeeds('run', 'openapi', '--', '--check');
  expect(clone.read('package-lock.json')).not.toContain(`"name": "${project.name}"`);
  succeeds('run', 'format:check');
});

test(
  'README, docs and settings still agree with the code',
  () => {
    adopted('my-api', '--title', 'My API');
    succeeds('test', '--', 'test/platform/docs');
    succeeds('run', 'test:operations', '--', 'test/operations/docs/walks.test.ts');
  },
  TIMEOUT,
);

test('domains that are not wanted go, and one that cannot go keeps everything as it was', () => {
  const domain = readdirSync(join(ROOT, 'src')).find(isRemovable);
  if (domain === undefined) return;
  adopted('my-api', '--without', domain);
  expect(existsSync(join(clone.folder, 'src', domain))).toBe(false);
  expect(JSON.parse(clone.read('package.json'))).toMatchObject({ name: 'my-api' });
  succeeds('run', 'format:check');
  clone.reset();
  const { status, output } = clone.script('adopt', 'my-api', '--without', `${domain},users`);
  expect([status, output]).toEqual([1, 'users stays: everything else needs it\n']);
  expect(clone.git('status', '--porcelain')).toBe('');
});

// What is common in the project, what is long, and what has been renamed before.
test.each([['api'], ['worker'], ['users'], ['a'.repeat(50)], [NEXT]])(
  'a project named %s can be named anew, and keeps its version, README and changelog',
  (first) => {
    const holders = linesOf('LICENSE', /^Copyright/).length;
    adopted(first);
    for (const file of ['README.md', 'CHANGELOG.md']) appendFileSync(join(clone.folder, file), '\nOurs.\n');
    const before = clone.git('diff', '--stat').split('\n').length;
    adopted(OTHER, '--title', 'Another one', '--force');
    expect(linesWith(OTHER).length).toBeGreaterThan(15);
    expect(linesOf('.env.example', /^APP_NAME/)).toEqual(['APP_NAME=Another one']);
    expect(clone.git('diff', '--stat').split('\n')).toHaveLength(before);
    expect(clone.read('README.md')).toMatch(/^# Another one\n[\s\S]*\nOurs\.\n$/);
    expect(clone.read('CHANGELOG.md')).toMatch(/Ours\.\n$/);
    expect(linesOf('LICENSE', /^Copyright/)).toHaveLength(holders + 1);
    if (first === NEXT) expect(linesWith(NEXT)).toEqual([]);
    adopted(first, '--force');
    expect(linesWith(OTHER)).toEqual([]);
  },
);

test.each([
  [[], /^npm run adopt -- my-api /],
  [['a', 'b'], /^npm run adopt -- my-api /],
  [['my-api', '--colour', 'red'], /^npm run adopt -- my-api /],
  [['My-api'], /^A name has lower-case letters/],
  [['1x'], /^A name has/],
  [['Ünï'], /^A name has/],
  [['a b'], /^A name has/],
  [['../x'], /^A name has/],
  [['my_api'], /^A name has/],
  [['my--api'], /^A name has/],
  [['-my-api'], /^npm run adopt/],
  [['@acme/api'], /^A name has/],
  [['a'.repeat(51)], /^A name has at most 50/],
  [['http'], /^http is the name of something else/],
  [['my-api', '--title', "It's"], /^--title has/],
  [['my-api', '--title', ''], /^--title has/],
  [['my-api', '--description', 'a|b'], /^--description has/],
  [['my-api', '--holder', 'a\nb'], /^--holder has/],
])('%j is refused with one line, and nothing is written', (args, message) => {
  const { status, output } = clone.script('adopt', ...args);
  expect(status).toBe(1);
  expect(output).toMatch(message);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(clone.git('status', '--porcelain')).toBe('');
});

test('what is not committed is not mixed with it, unless that is wanted', () => {
  appendFileSync(join(clone.folder, 'CONTRIBUTING.md'), '\nOurs.\n');
  expect(clone.script('adopt', 'my-api')).toEqual({
    status: 1,
    output: 'There are changes that are not committed: commit them first, or use --force\n',
  });
  expect(clone.git('diff', '--name-only')).toBe('CONTRIBUTING.md\n');
  adopted('my-api', '--force');
});
