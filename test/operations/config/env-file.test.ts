/** No line of `.env` is lost in silence, by no program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsClasses, variablesOf } from '../../../src/platform/config/settings.js';
import { isCloseTo } from '../../../src/platform/config/did-you-mean.js';
import { environment } from '../../support/program.js';
import { checkAll } from '../../support/checked-settings.js';

const ROOT = join(__dirname, '../../..');
const GOOD = { ...environment('postgres://me:secret@127.0.0.1:1/db'), ENVIRONMENT: undefined, START_WAIT_SECONDS: '0' };

type Given = [file: string | Buffer, env?: NodeJS.Dict<string>];

interface Said {
  code: number;
  lines: string[];
}

/** What the check that every program makes first says of each `.env` and environment of several tables. */
function checkTables(...tables: Given[][]): Said[][] {
  const settings = tables.flat().map(([file, env]) => ({ file, env: { ...GOOD, ...env } }));
  const said = checkAll(settings).map(({ code, output }) => ({ code, lines: output.split('\n').filter(Boolean) }));
  return tables.map((table) => said.splice(0, table.length));
}

// A production that is refused, for its sample of a key.
const REFUSED = { code: 1, lines: [expect.stringMatching(/^SECRET_KEY: must not be a sample/), expect.any(String)] };

const READ: [what: string, file: string][] = [
  ['a line of blanks', '   \nENVIRONMENT=production\n'],
  ['an indented comment', '  # Where\nENVIRONMENT=production\n'],
  ['a byte order mark', '\ufeffENVIRONMENT=production\n'],
  ['line ends of Windows', ' \r\nENVIRONMENT=production\r\n'],
  ['export and blanks', ' export ENVIRONMENT = production'],
];

const STOPPED: [what: string, file: string | Buffer, beginnings: string[]][] = [
  ['what is no assignment', 'ENVIRONMENT production\n', ['.env, line 1: ']],
  ['bytes that are no UTF-8', Buffer.from([0x41, 0x3d, 0xe9, 0x0a]), ['.env: is not UTF-8']],
  ['UTF-16', Buffer.from('\ufeffA=1', 'utf16le'), ['.env: is not UTF-8']],
  ['an open quote and a name twice', 'A="1\nB=1\nB=2\n', ['.env, line 1: A', '.env, line 3: B']],
];

const MISSPELLED = ['POSTGRE_URL', 'postgres_url', 'POSTGRES_URI', 'POSTGRESURL'];

const CONTROLLED: [name: string, value: string][] = [
  ['ADMIN_PASSWORD', 'Long-enough-1\r'],
  ['SECRET_KEY', 'k0-0123456789abcdefghijklmnopqrstuvwxyz\n'],
  ['APP_NAME', 'a\u0007b'],
  ['POSTGRES_URL', 'postgres://me:secret@127.0.0.1:1/db\t'],
];

const FINE: Given[] = [
  ['AWS_REGION=eu-1\nHOSTNAME=box\n', { HOME: '/', LANG: 'C', npm_config_x: '1' }],
  ['PORT=nonsense\n', { PORT: '' }],
];

const [read, stopped, inFile, inEnvironment, controlled, fine] = checkTables(
  READ.map(([, file]) => [file]),
  STOPPED.map(([, file]) => [file]),
  MISSPELLED.map((name) => [`${name}=x\n`]),
  MISSPELLED.map((name) => ['', { [name]: 'x' }]),
  CONTROLLED.map(([name, value]) => ['', { [name]: value }]),
  FINE,
) as [Said[], Said[], Said[], Said[], Said[], Said[]];

/** The rows of a table, each with what was said of it. */
const withSaid = <R extends unknown[]>(table: R[], said: Said[]) =>
  table.map((row, index): [...R, Said] => [...row, said[index]!]);

test.each(withSaid(READ, read))('after %s production is production', (_, _file, said) => {
  expect(said).toEqual(REFUSED);
});

test.each(withSaid(STOPPED, stopped))('%s stops the start', (_, _file, beginnings, { code, lines }) => {
  expect([code, lines.length]).toEqual([1, beginnings.length]);
  lines.forEach((line, index) => expect(line.startsWith(beginnings[index]!)).toBe(true));
});

test.each(MISSPELLED)('a setting that is misspelled as %s is a warning with the name that is meant', (name) => {
  const warned = { code: 0, lines: [`${name} is not a setting: did you mean POSTGRES_URL?`] };
  const index = MISSPELLED.indexOf(name);
  expect([inFile[index], inEnvironment[index]]).toEqual([warned, warned]);
});

test('other names are nobody’s business', () => {
  expect(fine[0]).toEqual({ code: 0, lines: [] });
});

test('the environment wins over the file, an empty value too', () => {
  expect(fine[1]).toEqual({ code: 0, lines: [] });
});

test.each(withSaid(CONTROLLED, controlled))(
  '%s with a control character is refused by its name',
  (name, _value, said) => {
    expect(said).toEqual({
      code: 1,
      lines: [expect.stringMatching(new RegExp(`^${name}: must not contain control characters`))],
    });
  },
);

test('npm start reads it by the same rules, and stops before it starts a database', () => {
  const settings = JSON.stringify(join(ROOT, 'scripts/local-settings.mjs'));
  const folder = mkdtempSync(join(tmpdir(), 'api-env-file-'));
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
