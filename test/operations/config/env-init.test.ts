/** scripts/env-init.sh, as somebody types it who has just cloned the project. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

const ROOT = join(__dirname, '../../..');
const EXAMPLE = readFileSync(join(ROOT, '.env.example'), 'utf8');
const SECRETS = ['SECRET_KEY', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'ADMIN_PASSWORD'];
const SAMPLES = {
  FRONTEND_URL: 'https://localhost',
  SMTP_URL: 'smtp://mail:1025?starttls=never',
  MAIL_FROM: 'no-reply@example.com',
};
const KEY = 'k'.repeat(32);

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'api-env-'));
  file = join(folder, '.env');
  for (const name of ['.env.example', 'scripts/env-init.sh']) cpSync(join(ROOT, name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the script says, and what .env then holds. */
function init(before?: string): { output: string; values: NodeJS.Dict<string> } {
  if (before !== undefined) writeFileSync(file, before);
  const output = execFileSync('sh', [join(folder, 'scripts/env-init.sh')], { cwd: '/', encoding: 'utf8' });
  return { output, values: parseEnv(readFileSync(file, 'utf8')) };
}

test.each([
  ['no .env', undefined],
  ['a copy of .env.example', EXAMPLE],
  ['one with the line ends of Windows', EXAMPLE.replaceAll('\n', '\r\n')],
])('%s becomes .env.example with secrets, for production', (_, before) => {
  const { values, output } = init(before);
  const secrets = SECRETS.map((name) => values[name]!);
  expect(values).toEqual({ ...parseEnv(EXAMPLE), ...values, ...SAMPLES, ENVIRONMENT: 'production' });
  const names = [...Object.keys(parseEnv(EXAMPLE)), ...Object.keys(SAMPLES), ...SECRETS];
  expect(Object.keys(values).toSorted()).toEqual(names.toSorted());
  for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(secrets).size).toBe(SECRETS.length);
  for (const secret of secrets) expect(output).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(join(folder, '.env.new'))).toBe(false);
});

test('a second run changes nothing', () => {
  init();
  const before = readFileSync(file, 'utf8');
  init();
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test.each([
  [`SECRET_KEY=${KEY}\nENVIRONMENT=local`, { SECRET_KEY: KEY, ENVIRONMENT: 'local' }],
  [`SECRET_KEY="${KEY}"\n`, { SECRET_KEY: KEY }],
  [`SECRET_KEY= ${KEY}\r\n`, { SECRET_KEY: KEY }],
  [`SECRET_KEY='#${KEY}'`, { SECRET_KEY: `#${KEY}` }],
  [`SECRET_KEY=\nSECRET_KEY=${KEY}`, { SECRET_KEY: KEY }],
  ['export POSTGRES_PASSWORD=mine', { POSTGRES_PASSWORD: 'mine' }],
  ['POSTGRES_PASSWORD = mine', { POSTGRES_PASSWORD: 'mine' }],
  ['  POSTGRES_PASSWORD=mine', { POSTGRES_PASSWORD: 'mine' }],
  ['ENVIRONMENT=staging\nADMIN_PASSWORD=of-mine-4-now', { ENVIRONMENT: 'staging', ADMIN_PASSWORD: 'of-mine-4-now' }],
  ['POSTGRES_PASSWORD=a\\b&c $d\n# POSTGRES_PASSWORD=', { POSTGRES_PASSWORD: 'a\\b&c $d' }],
])('%j keeps what it sets', (before, kept) => {
  expect(init(before).values).toMatchObject(kept);
});

test.each([
  'SECRET_KEY=',
  "SECRET_KEY=''",
  '# SECRET_KEY=\nSECRET_KEY=',
  'SECRET_KEY=\r\nAPP_NAME=Mine\r\n',
  'SECRET_KEY=#x',
  'SECRET_KEY= # to be filled in',
  `SECRET_KEY=${KEY}\nSECRET_KEY=`,
  'export SECRET_KEY=',
  'APP_NAME=Mine',
])('%j gets a key, once', (before) => {
  const { values } = init(before);
  expect(values.SECRET_KEY).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(file, 'utf8').match(/^SECRET_KEY=[0-9a-f]{64}$/gm)).toHaveLength(1);
});
