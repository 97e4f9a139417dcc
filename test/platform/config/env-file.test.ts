/** No line of `.env` is lost in silence, by no program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsClasses, variablesOf } from '../../../src/platform/config/settings.js';
import { isCloseTo } from '../../../src/platform/config/similar.js';
import { environment } from '../../support/program.js';

const ROOT = join(__dirname, '../../..');
const GOOD = { ...environment('postgres://me:secret@127.0.0.1:1/db'), ENVIRONMENT: undefined, START_WAIT_SECONDS: '0' };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fast-nestjs-env-file-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What the check that every program makes first says of a `.env` and an environment. */
function check(file: string | Buffer, env: NodeJS.Dict<string> = {}): { code: number | null; lines: string[] } {
  writeFileSync(join(folder, '.env'), file);
  const script = join(ROOT, 'scripts/check-settings.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script], {
    cwd: folder,
    env: { ...GOOD, ...env },
    encoding: 'utf8',
  });
  return { code: status, lines: stderr.split('\n').filter(Boolean) };
}

// A production that is refused, for its sample of a key.
const REFUSED = { code: 1, lines: [expect.stringMatching(/^SECRET_KEY: must not be a sample/), expect.any(String)] };

test.each([
  ['a line of blanks', '   \nENVIRONMENT=production\n'],
  ['an indented comment', '  # Where\nENVIRONMENT=production\n'],
  ['a byte order mark', '\ufeffENVIRONMENT=production\n'],
  ['line ends of Windows', ' \r\nENVIRONMENT=production\r\n'],
  ['export and blanks', ' export ENVIRONMENT = production'],
])('after %s production is production', (_, file) => {
  expect(check(file)).toEqual(REFUSED);
});

test.each([
  ['what is no assignment', 'ENVIRONMENT production\n', ['.env, line 1: ']],
  ['bytes that are no UTF-8', Buffer.from([0x41, 0x3d, 0xe9, 0x0a]), ['.env: is not UTF-8']],
  ['UTF-16', Buffer.from('\ufeffA=1', 'utf16le'), ['.env: is not UTF-8']],
  ['an open quote and a name twice', 'A="1\nB=1\nB=2\n', ['.env, line 1: A', '.env, line 3: B']],
])('%s stops the start', (_, file, beginnings) => {
  const { code, lines } = check(file);
  expect([code, lines.length]).toEqual([1, beginnings.length]);
  lines.forEach((line, index) => expect(line.startsWith(beginnings[index]!)).toBe(true));
});

test.each(['POSTGRE_URL', 'postgres_url', 'POSTGRES_URI', 'POSTGRESURL'])(
  'a setting that is misspelled as %s is a warning with the name that is meant',
  (name) => {
    const line = `${name} is not a setting: did you mean POSTGRES_URL?`;
    expect(check(`${name}=x\n`)).toEqual({ code: 0, lines: [line] });
    expect(check('', { [name]: 'x' })).toEqual({ code: 0, lines: [line] });
  },
);

test('other names are nobody’s business', () => {
  expect(check('AWS_REGION=eu-1\nHOSTNAME=box\n', { HOME: '/', LANG: 'C', npm_config_x: '1' })).toEqual({
    code: 0,
    lines: [],
  });
});

test.each([
  ['ADMIN_PASSWORD', 'Long-enough-1\r'],
  ['SECRET_KEY', 'k0-0123456789abcdefghijklmnopqrstuvwxyz\n'],
  ['APP_NAME', 'a\u0007b'],
  ['POSTGRES_URL', 'postgres://me:secret@127.0.0.1:1/db\t'],
])('%s with a control character is refused by its name', (name, value) => {
  expect(check('', { [name]: value })).toEqual({
    code: 1,
    lines: [expect.stringMatching(new RegExp(`^${name}: must not contain control characters`))],
  });
});

test('the environment wins over the file, an empty value too', () => {
  expect(check('PORT=nonsense\n', { PORT: '' })).toEqual({ code: 0, lines: [] });
});

test('npm start reads it by the same rules, and stops before it starts a database', () => {
  const settings = JSON.stringify(join(ROOT, 'scripts/local-settings.mjs'));
  const load = (file: string) => {
    writeFileSync(join(folder, '.env'), file);
    const program = `const { loadSettings, wantsEmbedded } = await import(${settings});
      await loadSettings({ keep: true }); console.log(process.env.ENVIRONMENT, wantsEmbedded());`;
    const env = { PATH: process.env.PATH };
    return spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, env, encoding: 'utf8' });
  };
  expect(load('   \nENVIRONMENT=production\n').stdout).toBe('production false\n');
  expect(load('ENVIRONMENT production\n').stderr).toContain('.env, line 1: is not an assignment');
});

test('no setting is named nearly like one that another program may know without it', async () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  for (const file of sources.filter((name) => name.endsWith('.config.ts'))) await import(join(ROOT, 'src', file));
  const names = settingsClasses().flatMap((owner) => variablesOf(owner).map((name) => ({ name, owner })));
  const pairs = names.flatMap((one) =>
    names.filter((other) => one.owner !== other.owner && isCloseTo(one.name, other.name)).map((other) => [one, other]),
  );
  expect(pairs).toEqual([]);
});
