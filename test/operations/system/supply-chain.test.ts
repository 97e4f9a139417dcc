/** What may come in with the packages, held over the lock file: every copy in the tree counts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const DAY_MILLISECONDS = 86_400_000;

interface Package {
  version: string;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  /** Of a folder of this project. */
  link?: boolean;
}

const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, unknown>;
// Of others: `tools/schematics` is ours.
const lock = Object.entries(read('package-lock.json').packages as Record<string, Package>).filter(
  ([path, { link }]) => path.startsWith('node_modules/') && !link,
);
const nameOf = (path: string) => path.split('node_modules/').at(-1)!;
const script = (name: string, args: string[], input = '') =>
  spawnSync(process.execPath, [`scripts/${name}.mjs`, ...args], { cwd: ROOT, input, encoding: 'utf8' });

// The first versions without an advisory that matters here, for packages that are in the tree and those that may get there.
const FLOORS: Record<string, string> = {
  '@fastify/busboy': '3.2.1',
  '@fastify/middie': '9.3.6',
  '@fastify/multipart': '10.1.9',
  '@fastify/proxy-addr': '5.1.1',
  '@fastify/static': '10.1.4',
  fastify: '5.12.6',
  jsonwebtoken: '9.0.0',
  sharp: '0.35.0',
  typeorm: '1.1.0',
  undici: '7.18.2',
  validator: '13.15.22',
};

test('no package is below the version that its advisories ask for', () => {
  const watched = lock.filter(([path]) => nameOf(path) in FLOORS);
  expect(watched.map(([path]) => nameOf(path))).toEqual(expect.arrayContaining(['fastify', 'typeorm', 'validator']));
  const low = watched.filter(
    ([path, { version }]) => version.localeCompare(FLOORS[nameOf(path)]!, 'en', { numeric: true }) < 0,
  );
  expect(low.map(([path, { version }]) => `${path} ${version}`)).toEqual([]);
});

test('every package with an install script was looked at, and nothing else is on that list', () => {
  const withScript = lock.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect(Object.keys(read('package.json').allowScripts as object).toSorted()).toEqual(
    [...new Set(withScript)].toSorted(),
  );
});

test('the lock file knows what each package must be, and nowhere that it comes from', () => {
  const odd = lock.filter(([, { resolved, integrity }]) => resolved !== undefined || !integrity?.startsWith('sha512-'));
  expect(odd.map(([path]) => path)).toEqual([]);
});

describe('what is patched', () => {
  const patches = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('-patches.ts'),
  );
  const { dependencies } = read('package.json') as { dependencies: Record<string, string> };

  test.each(patches)('%s is for the version that is pinned, and says when it can go', (path) => {
    const source = readFileSync(join(ROOT, 'src', path), 'utf8')
      .replace(/\n \* ?/g, ' ')
      .replace(/ +/g, ' ');
    const [, library, version] = /Patches of .*?(\w+) (\d+\.\d+\.\d+)/.exec(source)!;
    expect(dependencies).toMatchObject({ [library!]: version });
    const tests = [...source.matchAll(/(operations|faults)\/([\w/-]+)((?:(?: and)? "[^"]+")*)/g)];
    expect(tests.length).toBeGreaterThan(0);
    for (const [, folder, name, titles] of tests) {
      const file = readFileSync(
        join(ROOT, 'test', `${folder}/${name}.${folder === 'faults' ? folder : 'test'}.ts`),
        'utf8',
      );
      for (const [, title] of titles!.matchAll(/"([^"]+)"/g)) expect(file).toContain(title);
    }
  });

  test('and nothing else reaches into a library', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('-patches.ts'),
    );
    const reaching = sources.filter((path) =>
      /Reflect\.(get|set|deleteProperty)\((client|node|connection|owner|error)/.test(
        readFileSync(join(ROOT, 'src', path), 'utf8'),
      ),
    );
    expect(patches.length).toBe(3);
    expect(reaching).toEqual([]);
  });
});

test('the licences of what is deployed are allowed, and listed', () => {
  expect(script('licenses', ['--check'])).toMatchObject({ status: 0, stderr: '' });
});

describe('of advisories', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-audit-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const url = (id: string) => `https://github.com/advisories/${id}`;
  const advisory = (severity: string) => ({ url: url(`GHSA-${severity}`), name: 'left', severity, title: 'Bad' });
  const report = (...severities: string[]) =>
    JSON.stringify({ vulnerabilities: { left: { via: severities.map(advisory) }, right: { via: ['left'] } } });
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MILLISECONDS).toISOString().slice(0, 10);
  const listed = (expires: string, reason = 'Not reachable') => [{ advisory: 'GHSA-high', reason, expires }];

  test.each([
    ['what is not grave passes', report('low', 'moderate'), [], ''],
    ['what is grave is told, each once', report('high', 'critical', 'high'), [], 'left: high.*\nleft: critical.*\n'],
    ['what is listed with a reason passes', report('high'), listed(inDays(1)), ''],
    ['another one does not', report('high', 'critical'), listed(inDays(1)), 'left: critical: Bad .*GHSA-critical.*\n'],
    ['what was listed until yesterday is told', report(), listed(inDays(-1)), 'GHSA-high: was listed until .*\n'],
    ['nothing is listed without a reason', report('high'), listed(inDays(1), ''), 'GHSA-high: needs a reason.*\n'],
    ['no report is no good one', '{"message":"not to be had"}', [], 'npm audit gave no report: not to be had\n'],
    ['nor is silence', '', [], 'npm audit gave no report: .*\n'],
  ])('%s', (_, input, exceptions, told) => {
    const file = join(folder, 'exceptions.json');
    writeFileSync(file, JSON.stringify(exceptions));
    const { status, stderr } = script('audit', [file], input);
    expect(stderr).toMatch(new RegExp(`^${told}$`));
    expect(status).toBe(told === '' ? 0 : 1);
  });

  test('the list of this project is a good one', () => {
    expect(script('audit', [], report())).toMatchObject({ status: 0, stderr: '' });
  });
});
