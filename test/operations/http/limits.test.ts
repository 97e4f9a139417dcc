import { type Api, PASSWORD, startApi } from '../../support/api.js';
import { atOnce, attempt, BEHIND_PROXY, counted, freshAddress, inTurn } from '../../support/attempts.js';
import { type Asked, askFrom, expectLimited, left, statuses } from '../../support/limits.js';
import { type Program, start, until } from '../../support/program.js';
import { expectProblem, type Received } from '../../support/raw.js';

const SETTINGS = { DEFAULT_RATE_LIMIT_LIMIT: '5', AUTH_RATE_LIMIT_LIMIT: '3', ...BEHIND_PROXY };

let api: Api;
beforeAll(async () => {
  api = await startApi(SETTINGS);
});
afterAll(() => api.stop());

const ask = (asked: Asked, { url } = api.program): Promise<Received> => askFrom(url, asked);

let counter = 0;
/** Registers and signs in without using up what a test counts; answers with a token. */
async function member(): Promise<string> {
  const username = `member${++counter}`;
  const body = { name: 'Some Member', username, email: `${username}@example.com`, password: PASSWORD };
  await ask({ path: '/users', method: 'POST', body, from: freshAddress() });
  const { text } = await attempt(api.program.url, { username, password: PASSWORD });
  return (JSON.parse(text) as { access_token: string }).access_token;
}

test('the general limit counts all routes together, whatever they answer, and tells what is left', async () => {
  const from = freshAddress();
  const paths = ['/users', '/users?page=0', '/users/nobody', '/users/me', '/users'];
  const answers = await inTurn(5, (index) => ask({ path: paths[index]!, from }));
  expect(statuses(answers)).toEqual([200, 422, 404, 401, 200]);
  expect(answers.map(left)).toEqual(['4', '3', '2', '1', '0'].map((rest) => ['5', rest]));
  for (const { headers } of answers) expect(headers['ratelimit-reset']).toMatch(/^(60|[1-5]?\d)$/);
  for (const path of paths) expectLimited(await ask({ path, from }), '5');
  expect(left(await ask({ path: '/users', from: freshAddress() }))).toEqual(['5', '4']);
});

test('who is signed in is counted as such: from all addresses together, and apart from others at the same one', async () => {
  const [ada, grace] = [await member(), await member()];
  const [office, home] = [freshAddress(), freshAddress()];
  const me = (token: string, from: string) => ask({ path: '/users/me', token, from });
  const answers = await inTurn(5, (index) => me(ada, index % 2 ? office : home));
  expect(statuses(answers)).toEqual([200, 200, 200, 200, 200]);
  for (const from of [office, home]) expectLimited(await me(ada, from), '5');
  expect(left(await me(grace, office))).toEqual(['5', '4']);
  expect(left(await ask({ path: '/users/me', from: office }))).toEqual(['5', '4']);
});

test.each([
  ['without a token', undefined],
  ['with a wrong token', 'nonsense'],
])('who is refused %s is counted by address', async (_, token) => {
  const from = freshAddress();
  const answers = await atOnce(5, () => ask({ path: '/users/me', token, from }));
  expect(statuses(answers)).toEqual([401, 401, 401, 401, 401]);
  expectLimited(await ask({ path: '/users/me', token, from }), '5');
});

test('who is refused something as a user is counted, too', async () => {
  const token = await member();
  const answers = await inTurn(5, () => ask({ path: '/admin/users', token, from: freshAddress() }));
  expect(statuses(answers)).toEqual([403, 403, 403, 403, 403]);
  expectLimited(await ask({ path: '/admin/users', token, from: freshAddress() }), '5');
});

test('addresses of one IPv6 network of 64 bits are one', async () => {
  await inTurn(5, (index) => ask({ path: '/users', from: `2001:db8:2:1::${index}` }));
  expectLimited(await ask({ path: '/users', from: '2001:db8:2:1:ffff::' }), '5');
  expect((await ask({ path: '/users', from: '2001:db8:2:2::' })).status).toBe(200);
});

test('HEAD counts as GET does, and so does what is no route or no method of one', async () => {
  const from = freshAddress();
  expect(left(await ask({ path: '/users', method: 'HEAD', from }))).toEqual(['5', '4']);
  const put = await ask({ path: '/users', method: 'PUT', from });
  expect([put.status, ...left(put)]).toEqual([405, '5', '3']);
  const nope = await ask({ path: '/nope', from });
  expect([nope.status, ...left(nope)]).toEqual([404, '5', '2']);
  expect(left(await ask({ path: '/users', from }))).toEqual(['5', '1']);
});

const STRICT: [method: string, path: string, status: number][] = [
  ['POST', '/auth/login', 422],
  ['POST', '/auth/refresh', 401],
  ['POST', '/auth/logout', 401],
  ['POST', '/auth/logout-all', 401],
  ['POST', '/auth/password', 401],
  ['GET', '/auth/sessions', 401],
  ['DELETE', '/auth/sessions/1', 401],
  ['POST', '/users', 422],
];

test('each auth route and registration has a strict limit of its own, in place of the general one', async () => {
  const from = freshAddress();
  for (const [method, path, status] of STRICT) {
    const answers = await inTurn(3, () => ask({ method, path, from, body: method === 'POST' ? {} : undefined }));
    expect({ path, answers: statuses(answers) }).toEqual({ path, answers: [status, status, status] });
    expect(answers.map(left)).toEqual(['2', '1', '0'].map((rest) => ['3', rest]));
    expectLimited(await ask({ method, path, from }), '3');
  }
  expect(left(await ask({ path: '/users', from }))).toEqual(['5', '4']);
});

test('the strict limit counts users as such', async () => {
  const [ada, grace] = [await member(), await member()];
  const from = freshAddress();
  const sessions = (token: string, address = from) => ask({ path: '/auth/sessions', token, from: address });
  expect(statuses(await inTurn(3, () => sessions(ada)))).toEqual([200, 200, 200]);
  expectLimited(await sessions(ada, freshAddress()), '3');
  expect((await sessions(grace)).status).toBe(200);
});

test('all accounts behind one address have ten times the limit together, and none has it alone', async () => {
  const tokens = await inTurn(11, member);
  const from = freshAddress();
  const me = (token: string, address = from) => ask({ path: '/users/me', token, from: address });
  const greedy = await inTurn(20, () => me(tokens[0]!));
  expect(greedy.filter(({ status }) => status === 200)).toHaveLength(5);
  for (const token of tokens.slice(1, 10)) {
    expect(statuses(await inTurn(5, () => me(token)))).toEqual([200, 200, 200, 200, 200]);
  }
  const refusal = await me(tokens[10]!);
  expectProblem(refusal, 429, 'too_many_requests');
  expect(left(refusal)).toEqual(['5', '4']);
  expect(refusal.headers['retry-after']).toMatch(/^[1-9]\d?$/);
  expect((await me(tokens[10]!, freshAddress())).status).toBe(200);
  // Who is not signed in there is not concerned.
  expect((await ask({ path: '/users', from })).status).toBe(200);
});

test('accounts behind one IPv6 network of 64 bits have it together, for each strict route by itself', async () => {
  const tokens = await inTurn(11, member);
  const sessions = (token: string, index: number) =>
    ask({ path: '/auth/sessions', token, from: `2001:db8:9:1::${index}` });
  for (const [index, token] of tokens.slice(0, 10).entries()) {
    expect(statuses(await inTurn(3, () => sessions(token, index)))).toEqual([200, 200, 200]);
  }
  expect((await sessions(tokens[10]!, 99)).status).toBe(429);
  const remove = { path: '/auth/sessions/999999', method: 'DELETE', token: tokens[10]!, from: '2001:db8:9:1::99' };
  expect((await ask(remove)).status).toBe(404);
});

test('what the strict limit refuses costs no hash', async () => {
  const from = freshAddress();
  const logins = await atOnce(20, (index) => attempt(api.program.url, { username: `nobody${index}`, from }));
  expect(statuses(logins).toSorted()).toEqual([...Array<number>(3).fill(401), ...Array<number>(17).fill(429)]);
  expect((await counted(api, `address ${from}`))!.failures).toBe(3);
  const register = (index: number) => {
    const username = `eager${index}`;
    const body = { name: 'Some Member', username, email: `${username}@example.com`, password: PASSWORD };
    return ask({ path: '/users', method: 'POST', body, from });
  };
  const accounts = await atOnce(10, register);
  expect(statuses(accounts).toSorted()).toEqual([...Array<number>(3).fill(201), ...Array<number>(7).fill(429)]);
});

describe('with other settings', () => {
  let strictOnly: Program;
  let generalOnly: Program;
  let apart: Program;
  beforeAll(async () => {
    const strict = { DEFAULT_RATE_LIMIT_LIMIT: '0', AUTH_RATE_LIMIT_PERIOD: '2' };
    const others = [
      strict,
      { ADDRESS_RATE_LIMIT_FACTOR: '0' },
      { DEFAULT_RATE_LIMIT_LIMIT: '2', AUTH_RATE_LIMIT_LIMIT: '0' },
    ].map((settings) => start('main', { ...api.env, ...settings }));
    [strictOnly, apart, generalOnly] = (await Promise.all(others)) as [Program, Program, Program];
  });
  afterAll(() => Promise.all([strictOnly.stop(), generalOnly.stop(), apart.stop()]));

  const refresh = (from: string, at: Program) => ask({ path: '/auth/refresh', method: 'POST', from }, at);

  test('0 turns the general limit off', async () => {
    const from = freshAddress();
    const answers = await atOnce(30, () => ask({ path: '/users', from }, strictOnly));
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
    expect(left(answers[0]!)).toEqual([undefined, undefined]);
  });

  test('0 turns the strict limit off, and the general one covers its routes', async () => {
    const from = freshAddress();
    const read = await ask({ path: '/users', from }, generalOnly);
    const refreshes = await inTurn(2, () => refresh(from, generalOnly));
    expect(statuses([read, ...refreshes])).toEqual([200, 401, 429]);
  });

  test('a factor of 0 lets all accounts behind one address have their own', async () => {
    const tokens = await inTurn(11, member);
    const from = freshAddress();
    for (const token of tokens) {
      expect(statuses(await inTurn(5, () => ask({ path: '/users/me', token, from }, apart)))).toEqual([
        200, 200, 200, 200, 200,
      ]);
    }
  });

  test('a period ends', async () => {
    const from = freshAddress();
    const refusal = (await atOnce(20, () => refresh(from, strictOnly))).find(({ status }) => status === 429)!;
    expect(refusal.headers['retry-after']).toMatch(/^[12]$/);
    await until(async () => (await refresh(from, strictOnly)).status === 401);
  });

  test('without Redis each instance counts for itself', async () => {
    const from = freshAddress();
    expect(statuses(await inTurn(4, () => refresh(from, api.program)))).toEqual([401, 401, 401, 429]);
    expect(left(await refresh(from, strictOnly))).toEqual(['3', '2']);
  });
});
