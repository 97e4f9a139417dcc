import { type Api, PASSWORD, PREFIX, startApi, type User } from '../../support/api.js';
import { freshAddress, inTurn, stretch, WRONG } from '../../support/attempts.js';
import { left, statuses } from '../../support/limits.js';
import { expectProblem, type Received, send } from '../../support/raw.js';
import { signIn } from '../../support/sessions.js';

// Never reached: what is left of them tells who is counted with whom.
const LIMITS = { DEFAULT_RATE_LIMIT_LIMIT: '100000', AUTH_RATE_LIMIT_LIMIT: '100000' };
const EVIL = 'https://evil.example.com';

let open: Api;
let proxied: Api;
let ada: User;
let grace: User;
beforeAll(async () => {
  [open, proxied] = await Promise.all([
    startApi(LIMITS),
    startApi({ ...LIMITS, TRUST_PROXY: '127.0.0.1, 10.0.0.0/8', PUBLIC_PATH: '/backend' }),
  ]);
  ada = await open.signUp();
  grace = await proxied.signUp();
});
afterAll(() => Promise.all([open.stop(), proxied.stop()]));

type Headers = Record<string, string | string[]>;
const forwarded = (value: string | string[]): Headers => ({ 'x-forwarded-for': value });

/** The address that a session is opened from, as its owner sees it. */
async function addressOf(api: Api, { username }: User, headers: Headers): Promise<string> {
  const { access_token: token } = await signIn(api.program.url, username, { headers });
  const { text } = await send(api.program.url, { path: `${PREFIX}/auth/sessions`, token });
  return (JSON.parse(text) as { data: { ip: string }[] }).data[0]!.ip;
}

function login(api: Api, username: string, password: string, headers: Headers): Promise<Received> {
  return send(api.program.url, { path: `${PREFIX}/auth/login`, method: 'POST', body: { username, password }, headers });
}

const ROUTES = [
  { path: `${PREFIX}/users`, method: 'GET' },
  { path: `${PREFIX}/auth/refresh`, method: 'POST' },
];

/** Whether requests with these headers are counted together, by the general limit and by the strict one. */
async function areCountedTogether(api: Api, one: Headers, other: Headers): Promise<boolean[]> {
  const together: boolean[] = [];
  for (const route of ROUTES) {
    const answers = await inTurn(2, (index) => send(api.program.url, { ...route, headers: index ? other : one }));
    const [before, after] = answers.map((answer) => Number(left(answer)[1]));
    together.push(after === before! - 1);
  }
  return together;
}

const CLAIMS: [string, (address: string) => Headers][] = [
  ['X-Forwarded-For', forwarded],
  ['X-Forwarded-For with several addresses', (address) => forwarded(`${address}, 10.0.0.1, 127.0.0.1`)],
  ['X-Real-Ip', (address) => ({ 'x-real-ip': address })],
  ['Forwarded', (address) => ({ forwarded: `for=${address}` })],
  ['CF-Connecting-IP', (address) => ({ 'cf-connecting-ip': address, 'true-client-ip': address })],
];

test.each(CLAIMS)('without TRUST_PROXY nobody chooses an address by %s', async (_, claim) => {
  expect(await addressOf(open, ada, claim('203.0.113.7'))).toBe('127.0.0.1');
  expect(await areCountedTogether(open, claim('203.0.113.7'), claim('203.0.113.8'))).toEqual([true, true]);
});

test.each(['7', 'abc-DEF_1.2', 'x'.repeat(64)])(
  'without TRUST_PROXY nobody chooses a request id, such as %s',
  async (id) => {
    for (const path of [`${PREFIX}/users`, '/nope', `${PREFIX}/users/me`]) {
      const { headers } = await send(open.program.url, { path, headers: { 'x-request-id': id } });
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  },
);

test('without TRUST_PROXY nobody gets around a lock-out by X-Forwarded-For', async () => {
  const { id, username } = await open.signUp();
  const answers = await inTurn(5, () => login(open, username, WRONG, forwarded(freshAddress())));
  expect(new Set(statuses(answers))).toEqual(new Set([401]));
  await stretch(open, `${id} 127.0.0.1`);
  expectProblem(await login(open, username, PASSWORD, forwarded(freshAddress())), 429, 'too_many_requests');
});

// What the API gets of a client at 203.0.113.7 by way of proxies that it trusts.
const LISTS: [string, string | string[]][] = [
  ['alone', '203.0.113.7'],
  ['behind another one that the client sent', '198.51.100.1, 203.0.113.7'],
  ['behind garbage that the client sent', `,;"'\\ unknown, ${'9'.repeat(5_000)},,203.0.113.7`],
  ['behind the address of a trusted proxy that the client sent', '127.0.0.1, 10.0.0.1, 203.0.113.7'],
  ['before a second trusted proxy', '198.51.100.1, 203.0.113.7, 10.1.2.3'],
  ['in a second header', ['198.51.100.1', '203.0.113.7']],
  ['without spaces', '198.51.100.1,203.0.113.7'],
  ['with a port', '203.0.113.7:1001'],
  ['with a port, behind another one with a port', '198.51.100.1:1, 203.0.113.7:1002'],
  ['within IPv6', '::ffff:203.0.113.7'],
  ['within IPv6 in digits, with a port', '[::FFFF:cb00:7107]:1001'],
  ['before a second trusted proxy with a port', '203.0.113.7:1001, 10.1.2.3:1002'],
  ['before a second trusted proxy within IPv6', '203.0.113.7, ::ffff:10.1.2.3'],
];

test.each(LISTS)('the address that a trusted proxy has added counts: %s', async (_, list) => {
  const headers = forwarded(list);
  expect(await addressOf(proxied, grace, headers)).toBe('203.0.113.7');
  expect(await areCountedTogether(proxied, headers, forwarded('203.0.113.7'))).toEqual([true, true]);
  expect(await areCountedTogether(proxied, headers, forwarded(freshAddress()))).toEqual([false, false]);
});

test.each(CLAIMS.slice(2))('a trusted proxy is not believed in %s', async (_, claim) => {
  expect(await addressOf(proxied, grace, claim('203.0.113.7'))).toBe('127.0.0.1');
});

const GARBAGE: [string, string][] = [
  ['nothing', ''],
  ['commas', ','.repeat(5_000)],
  ['a word', 'unknown'],
  ['an address and a port', '203.0.113.7:1234'],
  ['an IPv6 address and a port', '[2001:db8::1]:1234'],
  ['a zone', `fe80::1%${'z'.repeat(500)}`],
  ['no address', '999.999.999.999'],
  ['half an address', '2001:db8::1::'],
  ['an attempt at SQL', `'); DROP TABLE "user"; --`],
  ['no ASCII', '\u00e9\u00ff\u0080'],
  ['a percent sign', '%00%ff'],
  ['a tab', '\t'],
  ['15,000 characters', 'x'.repeat(15_000)],
  ['a thousand trusted proxies', Array<string>(1_000).fill('10.0.0.1').join(', ')],
];

test.each(GARBAGE)('%s as X-Forwarded-For does no harm', async (_, value) => {
  for (const [api, { username }] of [
    [open, ada],
    [proxied, grace],
  ] as const) {
    const headers = forwarded(value);
    expect((await addressOf(api, { username } as User, headers)).length).toBeLessThanOrEqual(45);
    const { username: other } = await api.signUp();
    const answers = [await login(api, other, WRONG, headers)];
    for (const route of ROUTES) answers.push(await send(api.program.url, { ...route, headers }));
    expect(statuses(answers)).toEqual([401, 200, 401]);
  }
});

test.each(['unknown', '203.0.113.7:', '203.0.113.7:x', 'x'.repeat(45), '[203.0.113.7]:80', '999.1.1.1', 'fe80::z'])(
  'the nearest proxy that can tell counts for %s, which is no address',
  async (garbage) => {
    expect(await addressOf(proxied, grace, forwarded(garbage))).toBe('127.0.0.1');
    expect(await addressOf(proxied, grace, forwarded(`198.51.100.1, ${garbage}, 10.1.2.3`))).toBe('10.1.2.3');
    expect(await areCountedTogether(proxied, forwarded(garbage), forwarded('also none'))).toEqual([true, true]);
  },
);

test.each([
  ['[2001:db8::7]:1001', '2001:db8::7'],
  ['2001:DB8:0:0::7', '2001:db8::7'],
  ['fe80::7%eth0', 'fe80::7'],
])('the IPv6 address %s is kept as %s', async (sent, kept) => {
  expect(await addressOf(proxied, grace, forwarded(sent))).toBe(kept);
});

test('wrong passwords from one address with ever other ports are counted together', async () => {
  const { id, username } = await proxied.signUp();
  const address = freshAddress();
  await inTurn(5, (index) => login(proxied, username, WRONG, forwarded(`${address}:${1001 + index}`)));
  await stretch(proxied, `${id} ${address}`);
  expectProblem(await login(proxied, username, PASSWORD, forwarded(`${address}:9`)), 429, 'too_many_requests');
});

/** A refresh with the cookie of a new session, as a page would send it. */
async function refreshFrom(api: Api, { username }: User, origin: string, headers: Headers): Promise<Received> {
  const { refresh_token } = await signIn(api.program.url, username);
  const all = { ...headers, origin, cookie: `refresh_token=${refresh_token}` };
  return send(api.program.url, { path: `${PREFIX}/auth/refresh`, method: 'POST', headers: all });
}

const OWN: [string, string][] = [
  ['app.example.com:443', 'https://app.example.com'],
  ['app.example.com', 'https://app.example.com:443'],
  ['app.example.com:80', 'http://app.example.com'],
  ['APP.example.com', 'https://app.example.com'],
  ['app.example.com.', 'https://app.example.com'],
  ['app.example.com:443', 'https://app.example.com.'],
  ['app.example.com:8443', 'https://app.example.com:8443'],
  ['[2001:DB8::1]:443', 'https://[2001:db8::1]'],
  ['[::1]:3000', 'http://[::1]:3000'],
];
test.each(OWN)('the host %s is the origin %s', async (host, origin) => {
  expect((await refreshFrom(open, ada, origin, { host })).status).toBe(200);
});

test.each([
  ['app.example.com:443', 'http://app.example.com'],
  ['app.example.com:8443', 'https://app.example.com'],
  ['app.example.com', 'https://app.example.com:8443'],
  ['app.example.com', 'https://app.example.com.evil.com'],
  ['app.example.com', 'null'],
  ['app.example.com', 'app.example.com'],
  ['', 'https://'],
  ['null', 'null'],
])('the host %j is not the origin %s', async (host, origin) => {
  expectProblem(await refreshFrom(open, ada, origin, { host }), 403, 'foreign_origin');
});

test('below a path that a proxy strips, cookies and locations are those that clients see', async () => {
  const signedIn = await login(proxied, grace.username, PASSWORD, {});
  const { access_token: token } = JSON.parse(signedIn.text) as { access_token: string };
  expect(signedIn.headers['set-cookie']![0]).toMatch(/; Path=\/backend\/api\/v1\/auth;/);
  const task = { method: 'POST', path: `${PREFIX}/tasks`, token };
  const queued = await send(proxied.program.url, { ...task, body: { name: 'sample', payload: { message: 'x' } } });
  expect(queued.headers.location).toMatch(/^\/backend\/api\/v1\/tasks\/\d+$/);
  const document = (await proxied.http.get('/openapi.json').expect(200)).body;
  expect(document.servers).toEqual([{ url: '/backend' }]);
});

const HOSTS: Headers[] = [
  { 'x-forwarded-host': 'evil.example.com' },
  { 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'https' },
  { 'x-forwarded-host': 'evil.example.com', ...forwarded('127.0.0.1') },
  { 'x-forwarded-server': 'evil.example.com', 'x-original-host': 'evil.example.com' },
  { forwarded: 'host=evil.example.com;proto=https' },
];

test.each(HOSTS)('without TRUST_PROXY a forged origin does not become our own by %j', async (headers) => {
  expectProblem(await refreshFrom(open, ada, EVIL, headers), 403, 'foreign_origin');
});

test('behind a trusted proxy the host that it has added is our own, not one that the client sent', async () => {
  const headers = { 'x-forwarded-host': 'evil.example.com, api.example.com', 'x-forwarded-proto': 'https' };
  expectProblem(await refreshFrom(proxied, grace, EVIL, headers), 403, 'foreign_origin');
  expectProblem(await refreshFrom(proxied, grace, 'http://api.example.com', headers), 403, 'foreign_origin');
  expect((await refreshFrom(proxied, grace, 'https://api.example.com', headers)).status).toBe(200);
});

const idOf = async (api: Api, headers: Headers) =>
  (await send(api.program.url, { path: '/nope', headers })).headers['x-request-id'];

test.each(['7', 'abc-DEF_1.2', 'x'.repeat(64)])('the request id %s of a trusted proxy is kept', async (id) => {
  expect(await idOf(proxied, { 'x-request-id': id, ...forwarded('203.0.113.7') })).toBe(id);
  expect(await idOf(open, { 'x-request-id': id })).not.toBe(id);
});

test.each([[''], ['x'.repeat(65)], ['a b'], ['<script>'], ['{"level":60}'], ['a,b'], ['\u00e9'], [['a', 'b']]])(
  'the request id %j is replaced, even that of a trusted proxy',
  async (id) => {
    expect(await idOf(proxied, { 'x-request-id': id })).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  },
);
