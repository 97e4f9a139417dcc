import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretConfig } from '../platform/config/secret.config.js';
import { settingsOf } from '../platform/config/settings.js';
import { AuthConfig } from './auth.config.js';

const SECRET = 'test-0123456789abcdefghijklmnopqrstuvwxyz';

const folder = mkdtempSync(join(tmpdir(), 'signing-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const earlier = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const largerCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' });

let files = 0;
function fileOf(key: KeyObject | string): string {
  const file = join(folder, `${++files}.pem`);
  const pem = (object: KeyObject) =>
    object.export({ type: object.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
  writeFileSync(file, typeof key === 'string' ? key : pem(key));
  return file;
}

type Given = Partial<AuthConfig & SecretConfig>;

function problems({ SECRET_KEY = SECRET, SECRET_KEY_PREVIOUS, ...settings }: Given): string[] {
  const secrets = Object.assign(settingsOf(SecretConfig), { SECRET_KEY, SECRET_KEY_PREVIOUS });
  return [...secrets.problems(), ...Object.assign(new AuthConfig(), settings).problems()];
}

const ES256 = { ALGORITHM: 'ES256', PRIVATE_KEY_FILE: fileOf(ec.privateKey) } as const;
const GOOD: [string, Given][] = [
  ['a secret', {}],
  ['a secret and the one before it', { SECRET_KEY_PREVIOUS: 'x'.repeat(40) }],
  ['a secret of 64 characters for HS512', { ALGORITHM: 'HS512', SECRET_KEY: 'x'.repeat(64) }],
  ['an RSA key for RS256', { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: fileOf(rsa.privateKey) }],
  ['an RSA key for PS512', { ALGORITHM: 'PS512', PRIVATE_KEY_FILE: fileOf(rsa.privateKey) }],
  ['an EC key for ES256', ES256],
  ['the key before it', { ...ES256, PUBLIC_KEY_PREVIOUS_FILE: fileOf(earlier.publicKey) }],
];

test.each(GOOD)('%s will do', (_, settings) => {
  expect(problems(settings)).toEqual([]);
});

const BAD: [string, Given, string][] = [
  ['a secret of 41 characters for HS384', { ALGORITHM: 'HS384' }, 'SECRET_KEY'],
  ['a secret of 41 characters for HS512', { ALGORITHM: 'HS512' }, 'SECRET_KEY'],
  ['the same secret as before', { SECRET_KEY_PREVIOUS: SECRET }, 'SECRET_KEY_PREVIOUS'],
  ['no file', { ALGORITHM: 'RS256' }, 'PRIVATE_KEY_FILE'],
  ['a file that is not there', { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: join(folder, 'none.pem') }, 'PRIVATE_KEY_FILE'],
  ['a folder', { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: folder }, 'PRIVATE_KEY_FILE'],
  ['a file of something else', { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: fileOf('canary') }, 'PRIVATE_KEY_FILE'],
  [
    'a key in place of a file',
    { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: '-----BEGIN canary-----\ncanary\n' },
    'PRIVATE_KEY_FILE',
  ],
  ['a public key', { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: fileOf(rsa.publicKey) }, 'PRIVATE_KEY_FILE'],
  ['an EC key for RS256', { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: fileOf(ec.privateKey) }, 'PRIVATE_KEY_FILE'],
  ['an RSA key for ES256', { ALGORITHM: 'ES256', PRIVATE_KEY_FILE: fileOf(rsa.privateKey) }, 'PRIVATE_KEY_FILE'],
  [
    'a key of another curve',
    { ALGORITHM: 'ES256', PRIVATE_KEY_FILE: fileOf(largerCurve.privateKey) },
    'PRIVATE_KEY_FILE',
  ],
  [
    'an RSA key of 1024 bits',
    { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: fileOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey) },
    'PRIVATE_KEY_FILE',
  ],
  ...(
    [
      ['a file before it that is not there', join(folder, 'none.pem')],
      ['a file before it of something else', fileOf('canary')],
      ['an RSA key before an EC key', fileOf(rsa.publicKey)],
      ['a key of another curve before it', fileOf(largerCurve.publicKey)],
      ['the same key before it', fileOf(ec.publicKey)],
    ] as const
  ).map(([what, file]): [string, Given, string] => [
    what,
    { ...ES256, PUBLIC_KEY_PREVIOUS_FILE: file },
    'PUBLIC_KEY_PREVIOUS_FILE',
  ]),
];

test.each(BAD)('%s is refused in one line that names the variable', (_, settings, variable) => {
  const lines = problems(settings);
  expect(lines).toEqual([expect.stringMatching(new RegExp(`^${variable}: must .{10,}$`))]);
  expect(lines.join()).not.toContain('canary');
});
