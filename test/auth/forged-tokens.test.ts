import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, useApi, type User } from '../support/api.js';
import { expectProblem, send } from '../support/raw.js';
import { signIn, statusOfMe } from '../support/sessions.js';
import { claimsOf, type Fields, headerOf, kidOf, tokenOf } from '../support/tokens.js';

const DAY = 86_400;
const SECRET = 'y'.repeat(40);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = createPublicKey(privateKey).export({ format: 'jwk' });

let api: Api;
let user: User;
let stranger: User;
let key: string;
let header: Fields;
let claims: Fields;
/** Where an attacker offers a key of theirs. */
let server: Server;
let visits = 0;
let url: string;
beforeAll(async () => {
  api = await useApi();
  [user, stranger] = [await api.signUp(), await api.signUp()];
  key = api.env.SECRET_KEY!;
  header = headerOf(user.token);
  claims = claimsOf(user.token);
  server = createServer((_, answer) => {
    visits++;
    answer.end(JSON.stringify({ keys: [{ ...jwk, kid: 'theirs', alg: 'RS256', use: 'sig' }] }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(async () => {
  await api.stop();
  await new Promise((done) => server.close(done));
});

const withHeader = (changes: Fields, signedWith: Parameters<typeof tokenOf>[2] = key) =>
  tokenOf({ ...header, ...changes }, claims, signedWith);
const withClaims = (changes: Fields) => tokenOf(header, { ...claims, ...changes }, key);
const theirs = (changes: Fields) => withHeader({ alg: 'RS256', ...changes }, privateKey);

async function expectRefused(token: string): Promise<void> {
  const answer = await send(api.program.url, { path: `${PREFIX}/users/me`, token });
  expectProblem(answer, 401, 'not_signed_in');
  expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
}

test('what the forgeries are made of is good', async () => {
  for (const token of [withHeader({}), withClaims({}), withHeader({ typ: undefined })]) {
    expect(await statusOfMe(api.program.url, token)).toBe(200);
  }
});

const HEADERS: [string, () => string][] = [
  ...['none', 'None', 'NONE', 'HS384', 'HS512', 'hs256', 'RS256', '', ['HS256'], 256, null, undefined].map(
    (alg): [string, () => string] => [`with the algorithm ${JSON.stringify(alg)}`, () => withHeader({ alg })],
  ),
  [
    'with the algorithm none and the signature of the right one',
    () => `${withHeader({ alg: 'none' })}${user.token.split('.')[2]}`,
  ],
  ['signed with another key', () => withHeader({}, SECRET)],
  ['signed with the key of another environment, and its id', () => withHeader({ kid: kidOf(SECRET) }, SECRET)],
  ['signed with an empty key', () => withHeader({}, '')],
  ['with a set of keys to fetch', () => theirs({ jku: url, kid: 'theirs' })],
  ['with a set of keys to fetch, under the id of ours', () => theirs({ jku: url })],
  ['with a set of keys to fetch, signed with ours', () => withHeader({ jku: url })],
  ['with a key in it', () => theirs({ jwk, kid: 'theirs' })],
  [
    'with a symmetric key in it',
    () => withHeader({ jwk: { kty: 'oct', k: Buffer.from(SECRET).toString('base64url') } }, SECRET),
  ],
  ['with a key in it, signed with ours', () => withHeader({ jwk })],
  ['with a certificate to fetch', () => theirs({ x5u: url })],
  ['with a certificate to fetch, signed with ours', () => withHeader({ x5u: url })],
  ['with a certificate in it, signed with ours', () => withHeader({ x5c: ['MIIB'] })],
  ['with an extension that must be understood', () => withHeader({ crit: ['b64'], b64: false })],
  ['with any other field', () => withHeader({ cty: 'JWT' })],
  ['without the id of a key', () => withHeader({ kid: undefined })],
  ['with the id of no key', () => withHeader({ kid: 'unknown' })],
  ['with a path for the id of a key', () => withHeader({ kid: '../../dev/null' }, '')],
  ['with an absolute path for the id of a key', () => withHeader({ kid: '/dev/null' }, '')],
  ['with SQL for the id of a key', () => withHeader({ kid: `x' UNION SELECT '${SECRET}` }, SECRET)],
  ['with what every object has for the id of a key', () => withHeader({ kid: 'constructor' }, '')],
  ['with a long id of a key', () => withHeader({ kid: 'x'.repeat(5_000) })],
  ...[{}, 1, true, null, '', { kid: 1 }].map((kid): [string, () => string] => [
    `with ${JSON.stringify(kid)} for the id of a key`,
    () => withHeader({ kid }),
  ]),
  ['with a list for the id of a key', () => withHeader({ kid: [header.kid] })],
  ...['', 'x', '{', 'null', '[]', '"text"', '1'].map((text): [string, () => string] => [
    `with the header ${text}`,
    () => tokenOf(text, claims, key),
  ]),
  ...['', '{', 'null', '[]', '"text"', '1'].map((text): [string, () => string] => [
    `with the claims ${text}`,
    () => tokenOf(header, text, key),
  ]),
  ['without its header', () => `.${user.token.split('.').slice(1).join('.')}`],
  ['without its signature', () => `${user.token.split('.', 2).join('.')}.`],
  ['of two parts', () => user.token.split('.', 2).join('.')],
  ['of four parts', () => `${user.token}.${user.token.split('.')[2]}`],
  ['with another signature', () => user.token.replace(/.{8}$/, 'AAAAAAAA')],
  ['whose claims were changed later', () => changed({ exp: 4_102_444_800 })],
];

test.each(HEADERS)('a token %s is refused', async (_, forge) => {
  await expectRefused(forge());
});

test('nothing is ever fetched for a token', async () => {
  for (const token of [theirs({ jku: url, kid: 'theirs' }), withHeader({ jku: url }), withHeader({ x5u: url })]) {
    await expectRefused(token);
  }
  await sleep(200);
  expect(visits).toBe(0);
  await fetch(url);
  expect(visits).toBe(1);
});

const now = () => Math.floor(Date.now() / 1000);
const CLAIMS: [string, () => Fields][] = [
  ['that has expired', () => ({ exp: now() - 1 })],
  ['that never expires', () => ({ exp: undefined })],
  ['that expires in words', () => ({ exp: 'never' })],
  ['that holds from tomorrow on', () => ({ nbf: now() + DAY })],
  ['of another issuer', () => ({ iss: 'Someone else' })],
  ['of no issuer', () => ({ iss: undefined })],
  ['for another audience', () => ({ aud: 'Something else' })],
  ['for other audiences', () => ({ aud: ['Something else', 'Something more'] })],
  ['for no audience', () => ({ aud: undefined })],
  ['for the docs', () => ({ typ: 'docs' })],
  ['for refreshing', () => ({ typ: 'refresh' })],
  ['for nothing', () => ({ typ: undefined })],
  ['for a list of things', () => ({ typ: ['access'] })],
  ['of a name in place of an id', () => ({ sub: user.username })],
  ['of an id that is not text', () => ({ sub: user.id })],
  ['of a list', () => ({ sub: [String(user.id)] })],
  ['of nobody in particular', () => ({ sub: undefined })],
  ['of an id that nobody has', () => ({ sub: '999999999' })],
  ['of an id beyond 2^63', () => ({ sub: '9223372036854775808' })],
  ['of an id and more', () => ({ sub: `${user.id} OR 1=1` })],
  ['of somebody else', () => ({ sub: String(stranger.id) })],
  ['without a session', () => ({ sid: undefined })],
  ['with a session that is not text', () => ({ sid: Number(claims.sid) })],
  ['with a list of sessions', () => ({ sid: [claims.sid] })],
  ['with a session written otherwise', () => ({ sid: `0${String(claims.sid)}` })],
  ['with a session that is not there', () => ({ sid: '999999999' })],
  ['with a session beyond 2^63', () => ({ sid: '9223372036854775808' })],
  ['with the session of somebody else', () => ({ sid: claimsOf(stranger.token).sid })],
];

test.each(CLAIMS)('a token %s is refused, whoever has signed it', async (_, changes) => {
  await expectRefused(withClaims(changes()));
  expect(await statusOfMe(api.program.url, user.token)).toBe(200);
});

test.each(['revoked_at', 'expires_at', 'idle_expires_at'])(
  'a token of a session with its %s past is refused',
  async (column) => {
    const { access_token } = await signIn(api.program.url, user.username);
    // The API looks at whole milliseconds: this very instant may not be over by the time it does.
    await api.database.query(`UPDATE auth_session SET ${column} = now() - interval '1 s' WHERE id = $1`, [
      claimsOf(access_token).sid,
    ]);
    await expectRefused(access_token);
  },
);

/** A good token with other claims under the same signature. */
function changed(changes: Fields): string {
  const [head, , signature] = user.token.split('.');
  return [head, Buffer.from(JSON.stringify({ ...claims, ...changes })).toString('base64url'), signature].join('.');
}
