import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { until } from '../support/program.js';
import { expectProblem, send, type Sent } from '../support/raw.js';
import { signIn, statusOfMe } from '../support/sessions.js';
import { claimsOf, headerOf, kidOf, tokenOf } from '../support/tokens.js';

const ME = `${PREFIX}/users/me`;

let api: Api;
let user: User;
let refreshToken: string;
beforeAll(async () => {
  api = await useApi();
  user = await api.signUp();
  refreshToken = (await signIn(api.program.url, user.username)).refresh_token;
});
afterAll(() => api.stop());

const status = async (sent: Partial<Sent>): Promise<number> =>
  (await send(api.program.url, { path: ME, ...sent })).status;

test('a token says who it is for, who issued it and how long it holds, and nothing of the account', async () => {
  const { access_token, expires_in } = await signIn(api.program.url, user.username);
  const issued = claimsOf(access_token) as { iat: number; exp: number };
  expect(issued).toEqual({
    iss: api.env.APP_NAME,
    aud: api.env.APP_NAME,
    sub: String(user.id),
    sid: expect.stringMatching(/^\d+$/),
    typ: 'access',
    jti: expect.stringMatching(/^[\da-f-]{36}$/),
    iat: expect.any(Number),
    exp: issued.iat + expires_in,
  });
  expect(Math.abs(issued.iat - Date.now() / 1000)).toBeLessThan(60);
  expect(headerOf(access_token)).toEqual({ alg: 'HS256', typ: 'JWT', kid: kidOf(api.env.SECRET_KEY!) });
});

test('no two tokens are the same, and each has an id of its own', async () => {
  const tokens = await Promise.all([1, 2, 3].map(() => signIn(api.program.url, user.username)));
  expect(new Set(tokens.map(({ access_token }) => access_token)).size).toBe(3);
  expect(new Set(tokens.map(({ access_token }) => claimsOf(access_token).jti)).size).toBe(3);
});

test('a token names its session', async () => {
  const { access_token } = await signIn(api.program.url, user.username);
  const [newest] = (await user.agent.get(`${PREFIX}/auth/sessions`).expect(200)).body.data;
  expect(claimsOf(access_token).sid).toBe(String(newest.id));
});

test('a token signed by hand as the API does is taken', async () => {
  const forged = tokenOf(headerOf(user.token), claimsOf(user.token), api.env.SECRET_KEY!);
  expect(forged).toBe(user.token);
  const shorter = { ...claimsOf(user.token), exp: Math.floor(Date.now() / 1000) + 60, jti: undefined };
  expect(await statusOfMe(api.program.url, tokenOf(headerOf(user.token), shorter, api.env.SECRET_KEY!))).toBe(200);
});

test('a token that was good a moment ago ends when it expires', async () => {
  const exp = Math.floor(Date.now() / 1000) + 2;
  const token = tokenOf(headerOf(user.token), { ...claimsOf(user.token), exp }, api.env.SECRET_KEY!);
  expect(await statusOfMe(api.program.url, token)).toBe(200);
  await until(() => Date.now() >= exp * 1000);
  expect(await statusOfMe(api.program.url, token)).toBe(401);
});

test.each(['Bearer', 'bearer', 'BEARER'])('the scheme may be written %s', async (scheme) => {
  expect(await status({ headers: { authorization: `${scheme} ${user.token}` } })).toBe(200);
});

const HEADERS: [string, () => string | string[]][] = [
  ['another scheme', () => `Basic ${user.token}`],
  ['no scheme', () => user.token],
  ['a scheme and no token', () => 'Bearer'],
  ['nothing', () => ''],
  ['garbage', () => 'Bearer garbage'],
  ['something after the token', () => `Bearer ${user.token} more`],
  ['two tokens', () => `Bearer ${user.token}, Bearer ${user.token}`],
  ['a token in quotes', () => `Bearer "${user.token}"`],
  ['the header twice, good both times', () => [`Bearer ${user.token}`, `Bearer ${user.token}`]],
  ['the header twice, first good', () => [`Bearer ${user.token}`, 'Bearer garbage']],
  ['the header twice, last good', () => ['Basic eA==', `Bearer ${user.token}`]],
  ['a refresh token', () => `Bearer ${refreshToken}`],
  ['a token of almost 16 KB', () => `Bearer ${user.token}${'A'.repeat(15_000)}`],
];

test.each(HEADERS)('%s for an Authorization header is refused', async (_, authorization) => {
  const answer = await send(api.program.url, { path: ME, headers: { Authorization: authorization() } });
  expectProblem(answer, 401, 'not_signed_in');
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
});

test('a token of 16 KB is too long to be read', async () => {
  const { status: answered, text } = await send(api.program.url, { path: ME, token: 'A'.repeat(16 * 1024) });
  expect([answered, JSON.parse(text).code]).toEqual([431, 'malformed_request']);
  expect(await statusOfMe(api.program.url, user.token)).toBe(200);
});

test('who sends no token is asked for one', async () => {
  const { headers } = await refused(api.http.get(ME), 401, 'not_signed_in');
  expect(headers['www-authenticate']).toBe('Bearer');
});

test.each([
  ['the query', () => ({ path: `${ME}?access_token=${user.token}&token=${user.token}` })],
  ['a cookie', () => ({ headers: { cookie: `access_token=${user.token}; token=${user.token}` } })],
  [
    'another header',
    () => ({ headers: { 'x-access-token': user.token, 'proxy-authorization': `Bearer ${user.token}` } }),
  ],
  [
    'the body',
    () => ({ method: 'PATCH', path: `${PREFIX}/users/${user.username}`, body: { access_token: user.token } }),
  ],
])('a token in %s does not count', async (_, sent) => {
  expectProblem(await send(api.program.url, { path: ME, ...sent() }), 401, 'not_signed_in');
});
