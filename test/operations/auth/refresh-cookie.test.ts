import { type Api, PASSWORD, PREFIX, startApi, type User } from '../../support/api.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import { expectProblem, type Received, send, type Sent } from '../../support/raw.js';
import { refresh, signIn, statusOfMe, tokensOf } from '../../support/sessions.js';

const APP = 'https://app.example.com';
const AUTH = `${PREFIX}/auth`;
const WEEK = 7 * 86_400_000;
const INSTANT = '\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT';

let local: Api;
let production: Api;
let ada: User;
let grace: User;
beforeAll(async () => {
  [local, production] = await Promise.all([
    startApi({ CORS_ORIGINS: APP }),
    startApi({ ...DEPLOYED, ENVIRONMENT: 'production' }),
  ]);
  ada = await local.signUp({ username: 'ada' });
  grace = await production.signUp({ username: 'grace' });
});
afterAll(() => Promise.all([local.stop(), production.stop()]));

const post = (api: Api, path: string, sent: Partial<Sent> = {}): Promise<Received> =>
  send(api.program.url, { method: 'POST', path: `${AUTH}/${path}`, ...sent });
const cookie = (name: string, value: string): Partial<Sent> => ({ headers: { cookie: `${name}=${value}` } });

describe.each([
  ['local', () => local, 'refresh_token', 'HttpOnly; SameSite=Strict'],
  ['production', () => production, '__Secure-refresh_token', 'HttpOnly; Secure; SameSite=Strict'],
] as const)('in %s', (environment, apiOf, name, attributes) => {
  const username = environment === 'local' ? 'ada' : 'grace';
  const login = () => post(apiOf(), 'login', { body: { username, password: PASSWORD } });

  test('the cookie is for the auth routes of this site only, out of reach for scripts, and good for a week', async () => {
    const signedIn = await login();
    const { refresh_token } = tokensOf(signedIn);
    for (const { headers } of [signedIn, await post(apiOf(), 'refresh', cookie(name, refresh_token))]) {
      expect(headers['set-cookie']![0]).toMatch(
        new RegExp(`^${name}=[\\w-]{64}; Path=/api/v1/auth; Expires=${INSTANT}; ${attributes}$`),
      );
      const expires = /Expires=([^;]+)/.exec(headers['set-cookie']![0]!)![1]!;
      expect(Math.abs(Date.parse(expires) - Date.now() - WEEK)).toBeLessThan(60_000);
    }
  });

  test.each(['logout', 'logout-all'])('%s takes the cookie away', async (path) => {
    const { access_token: token } = tokensOf(await login());
    const { status, headers } = await post(apiOf(), path, { token });
    expect(status).toBe(204);
    expect(headers['set-cookie']).toEqual([
      `${name}=; Path=/api/v1/auth; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${attributes}`,
    ]);
  });
});

test.each([
  ['production', 'refresh_token', () => production],
  ['production', '__secure-refresh_token', () => production],
  ['local', '__Secure-refresh_token', () => local],
] as const)('%s does not take a cookie %s', async (_, name, apiOf) => {
  const { username } = apiOf() === local ? ada : grace;
  const { refresh_token } = await signIn(apiOf().program.url, username);
  expectProblem(await post(apiOf(), 'refresh', cookie(name, refresh_token)), 401, 'invalid_refresh_token');
});

test('signing in again with the cookie ends the session that it belongs to, and no other', async () => {
  const url = local.program.url;
  const [other, earlier] = [await signIn(url, 'ada'), await signIn(url, 'ada')];
  expect(await statusOfMe(url, earlier.access_token)).toBe(200);
  const later = await signIn(url, 'ada', cookie('refresh_token', earlier.refresh_token));
  expect(await statusOfMe(url, earlier.access_token)).toBe(401);
  expectProblem(await refresh(url, earlier.refresh_token), 401, 'invalid_refresh_token');
  expect(await statusOfMe(url, other.access_token)).toBe(200);
  expect(await statusOfMe(url, later.access_token)).toBe(200);
});

test('signing in with the cookie of another user ends nothing', async () => {
  const url = local.program.url;
  const [others, bob] = [await signIn(url, 'ada'), await local.signUp()];
  await signIn(url, bob.username, cookie('refresh_token', others.refresh_token));
  expect(await statusOfMe(url, others.access_token)).toBe(200);
  tokensOf(await refresh(url, others.refresh_token));
});

test('a wrong password ends no session, whatever the cookie', async () => {
  const session = await signIn(local.program.url, 'ada');
  const body = { username: 'ada', password: 'Wrong-password' };
  const answer = await post(local, 'login', { body, ...cookie('refresh_token', session.refresh_token) });
  expectProblem(answer, 401, 'wrong_credentials');
  expect(answer.headers).not.toHaveProperty('set-cookie');
  tokensOf(await refresh(local.program.url, session.refresh_token));
});

const host = () => new URL(local.program.url).host;
const FOREIGN: [string, () => Record<string, string>][] = [
  ['another site', () => ({ origin: 'https://evil.example.com' })],
  ['nowhere that can be told', () => ({ origin: 'null' })],
  ['nowhere', () => ({ origin: '' })],
  ['another port', () => ({ origin: 'http://127.0.0.1:1' })],
  ['no port', () => ({ origin: 'http://127.0.0.1' })],
  ['another scheme', () => ({ origin: `ftp://${host()}` })],
  ['a site whose name begins like ours', () => ({ origin: `http://${host()}.evil.example.com` })],
  ['a site whose name begins like an allowed one', () => ({ origin: `${APP}.evil.example.com` })],
  ['an allowed site without TLS', () => ({ origin: APP.replace('https', 'http') })],
  [
    'a site that calls itself ours',
    () => ({ origin: 'https://evil.example.com', 'x-forwarded-host': 'evil.example.com' }),
  ],
];

test.each(FOREIGN)('a page of %s can’t sign in or out, refresh or change the password', async (_, headersOf) => {
  const { access_token: token, refresh_token } = await signIn(local.program.url, 'ada');
  const headers = { ...headersOf(), cookie: `refresh_token=${refresh_token}` };
  const passwords = { current_password: PASSWORD, new_password: 'Difference-Engine-1822' };
  const forged: [string, Partial<Sent>][] = [
    ['login', { body: { username: 'ada', password: PASSWORD } }],
    ['login', { body: `username=ada&password=${PASSWORD}`, type: 'application/x-www-form-urlencoded' }],
    ['refresh', {}],
    ['refresh', { body: {} }],
    ['logout', { token }],
    ['logout-all', { token }],
    ['password', { token, body: passwords }],
  ];
  for (const [path, sent] of forged) {
    const answer = await post(local, path, { ...sent, headers });
    expectProblem(answer, 403, 'foreign_origin');
    expect(answer.headers).not.toHaveProperty('set-cookie');
  }
  expect(await statusOfMe(local.program.url, token)).toBe(200);
  tokensOf(await refresh(local.program.url, refresh_token));
});

test.each([
  ['our own page', () => ({ origin: `http://${host()}` })],
  ['our own page behind a proxy that ends TLS', () => ({ origin: `https://${host()}` })],
  ['a page of an allowed site', () => ({ origin: APP })],
  ['no page', () => ({})],
])('a request from %s passes', async (_, headersOf) => {
  const origin = { headers: headersOf() as Record<string, string> };
  const { access_token: token, refresh_token } = await signIn(local.program.url, 'ada', origin);
  const headers = { ...origin.headers, cookie: `refresh_token=${refresh_token}` };
  tokensOf(await post(local, 'refresh', { headers }));
  expect((await post(local, 'logout', { ...origin, token })).status).toBe(204);
});
