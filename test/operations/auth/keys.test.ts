import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, startApi, type User } from '../../support/api.js';
import { type Program, start } from '../../support/program.js';
import { refresh, signIn, statusOfMe, tokensOf } from '../../support/sessions.js';
import { claimsOf, headerOf, kidOf, tokenOf } from '../../support/tokens.js';

const OLD = 'old-0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklm';
const NEW = 'new-0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklm';

const folder = mkdtempSync(join(tmpdir(), 'signing-keys-'));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const earlier = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** With a symmetric key, with the next one, and with key pairs, all on the same database. */
let api: Api;
let rotated: Program;
let rs256: Program;
let es256: Program;
let user: User;
beforeAll(async () => {
  api = await startApi({
    ALGORITHM: 'HS512',
    SECRET_KEY: OLD,
    APP_NAME: 'Another API',
    ACCESS_TOKEN_EXPIRE_MINUTES: '5',
  });
  [rotated, rs256, es256] = await Promise.all([
    start('main', { ...api.env, SECRET_KEY: NEW, SECRET_KEY_PREVIOUS: OLD }),
    start('main', { ...api.env, ALGORITHM: 'RS256', PRIVATE_KEY_FILE: fileOf(rsa.privateKey) }),
    start('main', {
      ...api.env,
      ALGORITHM: 'ES256',
      PRIVATE_KEY_FILE: fileOf(ec.privateKey),
      PUBLIC_KEY_PREVIOUS_FILE: fileOf(earlier.publicKey),
    }),
  ]);
  user = await api.signUp();
});
afterAll(async () => {
  await Promise.all([rotated, rs256, es256].map((program) => program.stop()));
  await api.stop();
  rmSync(folder, { recursive: true });
});

let files = 0;
function fileOf(key: KeyObject): string {
  const file = join(folder, `${++files}.pem`);
  writeFileSync(file, pemOf(key));
  return file;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
}

test('the settings say how tokens are signed, for whom, and how long they hold', async () => {
  const { access_token, expires_in } = await signIn(api.program.url, user.username);
  expect(headerOf(access_token)).toEqual({ alg: 'HS512', typ: 'JWT', kid: kidOf(OLD) });
  const { iss, aud, iat, exp } = claimsOf(access_token) as Record<string, number>;
  expect({ iss, aud, expires_in, holds: exp! - iat! }).toEqual({
    iss: 'Another API',
    aud: 'Another API',
    expires_in: 300,
    holds: 300,
  });
  const other = tokenOf({ alg: 'HS256', typ: 'JWT', kid: kidOf(OLD) }, claimsOf(access_token), OLD);
  expect(await statusOfMe(api.program.url, other)).toBe(401);
});

test('with the next key, tokens of the one before it still work, and new ones carry the new one', async () => {
  expect(await statusOfMe(rotated.url, user.token)).toBe(200);
  const { access_token } = await signIn(rotated.url, user.username);
  expect(headerOf(access_token)).toEqual({ alg: 'HS512', typ: 'JWT', kid: kidOf(NEW) });
  expect(await statusOfMe(rotated.url, access_token)).toBe(200);
});

test('a key that an instance does not know is none', async () => {
  const { access_token } = await signIn(rotated.url, user.username);
  expect(await statusOfMe(api.program.url, access_token)).toBe(401);
});

test('the id of one key does not go with the other', async () => {
  const claims = claimsOf(user.token);
  expect(await statusOfMe(rotated.url, tokenOf({ ...headerOf(user.token), kid: kidOf(NEW) }, claims, OLD))).toBe(401);
  expect(await statusOfMe(rotated.url, tokenOf({ ...headerOf(user.token), kid: kidOf(OLD) }, claims, NEW))).toBe(401);
});

test('sessions outlive a change of keys and algorithms', async () => {
  const { refresh_token } = await signIn(api.program.url, user.username);
  const { access_token, ...next } = tokensOf(await refresh(rs256.url, refresh_token));
  expect(await statusOfMe(rs256.url, access_token)).toBe(200);
  tokensOf(await refresh(es256.url, next.refresh_token));
});

describe.each([
  ['RS256', () => rs256, rsa, generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ES256', () => es256, ec, generateKeyPairSync('ec', { namedCurve: 'P-256' })],
] as const)('with %s', (alg, programOf, { privateKey, publicKey }, theirs) => {
  const header = { alg, typ: 'JWT', kid: kidOf(publicKey) };

  test('the private key signs, and the public key verifies', async () => {
    const { access_token } = await signIn(programOf().url, user.username);
    expect(headerOf(access_token)).toEqual(header);
    expect(await statusOfMe(programOf().url, access_token)).toBe(200);
    expect(await statusOfMe(programOf().url, tokenOf(header, claimsOf(user.token), privateKey))).toBe(200);
  });

  test.each(['HS256', 'HS384', 'HS512', 'none'])('nobody signs with the public key by %s', async (other) => {
    const der = publicKey.export({ type: 'spki', format: 'der' });
    for (const secret of [pemOf(publicKey), pemOf(publicKey).trim(), der.toString('base64')]) {
      const token = tokenOf({ ...header, alg: other }, claimsOf(user.token), secret);
      expect(await statusOfMe(programOf().url, token)).toBe(401);
    }
  });

  test('neither the secret of other algorithms nor another key pair signs', async () => {
    expect(await statusOfMe(programOf().url, user.token)).toBe(401);
    const forged = tokenOf(header, claimsOf(user.token), theirs.privateKey);
    expect(await statusOfMe(programOf().url, forged)).toBe(401);
  });
});

test('tokens of the key pair before this one still work', async () => {
  const header = { alg: 'ES256', typ: 'JWT', kid: kidOf(earlier.publicKey) };
  expect(await statusOfMe(es256.url, tokenOf(header, claimsOf(user.token), earlier.privateKey))).toBe(200);
  const confused = tokenOf({ ...header, alg: 'HS256' }, claimsOf(user.token), pemOf(earlier.publicKey));
  expect(await statusOfMe(es256.url, confused)).toBe(401);
});
