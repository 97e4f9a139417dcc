import { createHmac } from 'node:crypto';
import { type Api, PASSWORD, PREFIX, refused, startApi, type User } from '../support/api.js';

type Claims = Record<string, unknown>;
const HASHES: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
const FOREVER = 4102444800;

let api: Api;
let user: User;
let claims: Claims;
beforeAll(async () => {
  api = await startApi();
  user = await api.signUp();
  claims = part(user.token, 1);
});
afterAll(() => api.stop());

function part(token: string, index: 0 | 1): Claims {
  return JSON.parse(Buffer.from(token.split('.')[index]!, 'base64url').toString());
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token as this API issues it, but for what is given. */
function forge(changes: Claims = {}, { alg = 'HS256', key = api.env.SECRET_KEY! } = {}): string {
  const signed = `${base64url({ alg, typ: 'JWT' })}.${base64url({ ...claims, ...changes })}`;
  const hash = HASHES[alg];
  return `${signed}.${hash ? createHmac(hash, key).update(signed).digest('base64url') : ''}`;
}

function me(authorization: string) {
  return api.http.get(`${PREFIX}/users/me`).set('Authorization', authorization);
}

test('a token says who it is for, who issued it and how long it holds, and nothing of the account', async () => {
  const { body } = await api.http.post(`${PREFIX}/auth/login`).send({ username: user.username, password: PASSWORD });
  const issued = part(body.access_token, 1) as { iat: number; exp: number };
  expect(issued).toEqual({
    iss: 'Fast NestJS boilerplate',
    aud: 'Fast NestJS boilerplate',
    sub: String(user.id),
    jti: expect.any(String),
    iat: expect.any(Number),
    exp: issued.iat + body.expires_in,
  });
  expect(Math.abs(issued.iat - Date.now() / 1000)).toBeLessThan(60);
  expect(part(body.access_token, 0)).toMatchObject({ alg: 'HS256' });
});

test('no two tokens are the same', async () => {
  const tokens = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const { body } = await api.http.post(`${PREFIX}/auth/login`).send({ username: user.username, password: PASSWORD });
    tokens.add(body.access_token);
  }
  expect(tokens.size).toBe(3);
});

test('a token signed by hand as the API does is taken, whatever the case of the scheme', async () => {
  await me(`Bearer ${forge()}`).expect(200);
  await me(`bearer ${forge()}`).expect(200);
});

const REFUSED: [string, () => string][] = [
  ['of nothing but garbage', () => 'Bearer garbage'],
  ['that is missing', () => 'Bearer'],
  ['under another scheme', () => `Basic ${user.token}`],
  ['that has expired', () => `Bearer ${forge({ exp: (claims.iat as number) - 1 })}`],
  ['that holds from tomorrow on', () => `Bearer ${forge({ nbf: (claims.iat as number) + 86_400 })}`],
  ['of another issuer', () => `Bearer ${forge({ iss: 'Someone else' })}`],
  ['of no issuer', () => `Bearer ${forge({ iss: undefined })}`],
  ['for another audience', () => `Bearer ${forge({ aud: 'Something else' })}`],
  ['for no audience', () => `Bearer ${forge({ aud: undefined })}`],
  ['with alg none', () => `Bearer ${forge({}, { alg: 'none' })}`],
  ['with alg NONE', () => `Bearer ${forge({}, { alg: 'NONE' })}`],
  ['with another algorithm and the right key', () => `Bearer ${forge({}, { alg: 'HS512' })}`],
  ['signed with another key', () => `Bearer ${forge({}, { key: 'y'.repeat(40) })}`],
  ['signed with an empty key', () => `Bearer ${forge({}, { key: '' })}`],
  ['without its signature', () => `Bearer ${forge().split('.', 2).join('.')}.`],
  ['whose claims were changed later', () => `Bearer ${withClaims(forge(), { ...claims, exp: FOREVER })}`],
  ['for a name in place of an id', () => `Bearer ${forge({ sub: user.username })}`],
  ['for an id that is not text', () => `Bearer ${forge({ sub: user.id })}`],
  ['for a list', () => `Bearer ${forge({ sub: [String(user.id)] })}`],
  ['for nobody in particular', () => `Bearer ${forge({ sub: undefined })}`],
  ['for an id that nobody has', () => `Bearer ${forge({ sub: '999999999' })}`],
  ['for an id beyond 2^63', () => `Bearer ${forge({ sub: '9223372036854775808' })}`],
  ['for an id and more', () => `Bearer ${forge({ sub: `${user.id} OR 1=1` })}`],
];

test.each(REFUSED)('a token %s is refused', async (_, authorization) => {
  const { headers } = await refused(me(authorization()), 401, 'not_signed_in');
  expect(headers['www-authenticate']).toMatch(/^Bearer\b/);
});

function withClaims(token: string, other: Claims): string {
  const [head, , signature] = token.split('.');
  return [head, base64url(other), signature].join('.');
}

test('who sends no token is asked for one', async () => {
  const { headers } = await refused(api.http.get(`${PREFIX}/users/me`), 401, 'not_signed_in');
  expect(headers['www-authenticate']).toBe('Bearer');
});

test('a token in the query or in the body does not count', async () => {
  const inQuery = api.http.get(`${PREFIX}/users/me`).query({ access_token: user.token, auth_token: user.token });
  expect((await inQuery).status).toBe(401);
  const inBody = api.http.patch(`${PREFIX}/users/${user.username}`).send({ access_token: user.token });
  await refused(inBody, 401, 'not_signed_in');
});

test('the settings say how tokens are signed and how long they hold', async () => {
  const other = await startApi({ ALGORITHM: 'HS512', ACCESS_TOKEN_EXPIRE_MINUTES: '5', APP_NAME: 'Another API' });
  try {
    const { token, agent, username } = await other.signUp();
    expect(part(token, 0)).toMatchObject({ alg: 'HS512' });
    const { sub, iat, exp, ...rest } = part(token, 1) as Record<string, number>;
    expect(exp! - iat!).toBe(300);
    expect(rest).toMatchObject({ iss: 'Another API', aud: 'Another API' });
    const { body } = await agent.post(`${PREFIX}/auth/login`).send({ username, password: PASSWORD }).expect(200);
    expect(body.expires_in).toBe(300);
    const named = { sub, iss: 'Another API', aud: 'Another API' };
    const asMe = (forged: string) => other.http.get(`${PREFIX}/users/me`).auth(forged, { type: 'bearer' });
    await asMe(forge(named, { alg: 'HS512' })).expect(200);
    await refused(asMe(forge(named, { alg: 'HS256' })), 401, 'not_signed_in');
  } finally {
    await other.stop();
  }
});
