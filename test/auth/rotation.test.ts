import { type Api, useApi, type User } from '../support/api.js';
import { holdLocks, waitingForLocks } from '../support/locks.js';
import { until } from '../support/program.js';
import { expectProblem } from '../support/raw.js';
import { refresh, signIn, statusOfMe, type Tokens, tokensOf } from '../support/sessions.js';

let api: Api;
let user: User;
let first: Tokens;
beforeAll(async () => {
  api = await useApi();
  user = await api.signUp();
});
beforeEach(async () => {
  first = await signIn(api.program.url, user.username);
  // The cache is warm.
  expect(await statusOfMe(api.program.url, first.access_token)).toBe(200);
});
afterAll(() => api.stop());

/** The tokens that follow. */
const next = async ({ refresh_token }: Tokens): Promise<Tokens> =>
  tokensOf(await refresh(api.program.url, refresh_token));

/** Changes the newest session. */
const change = (assignment: string) =>
  api.database.query(`UPDATE auth_session SET ${assignment} WHERE id = (SELECT max(id) FROM auth_session)`);

const passGrace = () => change(`last_used_at = last_used_at - interval '11 seconds'`);

/** The refresh token is refused, and the session is over for all that were given out in it. */
async function expectTheft(stolen: string, given: Tokens[]): Promise<void> {
  expectProblem(await refresh(api.program.url, stolen), 401, 'invalid_refresh_token');
  for (const { access_token, refresh_token } of given) {
    expect(await statusOfMe(api.program.url, access_token)).toBe(401);
    expectProblem(await refresh(api.program.url, refresh_token), 401, 'invalid_refresh_token');
  }
}

test('a used-up refresh token ends the session', async () => {
  const second = await next(first);
  await passGrace();
  await expectTheft(first.refresh_token, [first, second]);
});

test('a refresh token used up long ago ends the session, whoever has come after it', async () => {
  const given = [first];
  for (let i = 0; i < 4; i++) given.push(await next(given.at(-1)!));
  await passGrace();
  await expectTheft(first.refresh_token, given);
});

test('the last but one ends the session even within the ten seconds', async () => {
  const second = await next(first);
  const third = await next(second);
  await expectTheft(first.refresh_token, [first, second, third]);
});

test.each([
  ['half of another session', (other: string) => other],
  ['a secret that nobody was given', () => 'A'.repeat(64)],
])('the name of a session with %s ends it', async (_, otherOf) => {
  const other = await signIn(api.program.url, (await api.signUp()).username);
  const mixed = first.refresh_token.slice(0, 24) + otherOf(other.refresh_token).slice(24);
  await expectTheft(mixed, [first]);
  expect(await statusOfMe(api.program.url, other.access_token)).toBe(200);
  await next(other);
});

test('theft ends no other session of the user', async () => {
  const second = await signIn(api.program.url, user.username);
  const third = await next(second);
  await passGrace();
  await expectTheft(second.refresh_token, [second, third]);
  expect(await statusOfMe(api.program.url, first.access_token)).toBe(200);
  await next(first);
});

test('two tabs that refresh one after the other get the same successor', async () => {
  const [one, two] = [await next(first), await next(first)];
  expect(two.refresh_token).toBe(one.refresh_token);
  expect(two.access_token).not.toBe(one.access_token);
  expect(await statusOfMe(api.program.url, two.access_token)).toBe(200);
  const third = await next(two);
  expect((await next(one)).refresh_token).toBe(third.refresh_token);
});

test('the second tab does not make the ten seconds begin anew', async () => {
  const second = await next(first);
  await change(`last_used_at = last_used_at - interval '8 seconds'`);
  expect((await next(first)).refresh_token).toBe(second.refresh_token);
  await change(`last_used_at = last_used_at - interval '3 seconds'`);
  await expectTheft(first.refresh_token, [second]);
});

test('the same refresh token 50 times at once has one successor', async () => {
  const release = await holdLocks(api.database, 'SELECT FROM auth_session ORDER BY id DESC LIMIT 1 FOR UPDATE');
  const asked = Promise.all(Array.from({ length: 50 }, () => next(first)));
  await until(async () => (await waitingForLocks(api.database)) > 1);
  await release();
  const given = await asked;
  expect(new Set(given.map(({ refresh_token }) => refresh_token)).size).toBe(1);
  expect(new Set(given.map(({ access_token }) => access_token)).size).toBe(50);
  for (const { access_token } of given) expect(await statusOfMe(api.program.url, access_token)).toBe(200);
  await next(given[0]!);
});

test('the database holds no token in clear', async () => {
  const second = await next(first);
  const [row] = await api.database.query<{ text: string }>(
    `SELECT s::text || to_json(s)::text AS text FROM auth_session s ORDER BY id DESC LIMIT 1`,
  );
  for (const { refresh_token } of [first, second]) {
    const bytes = Buffer.from(refresh_token, 'base64url');
    for (const part of [bytes, bytes.subarray(0, 16), bytes.subarray(16)]) {
      for (const encoding of ['base64url', 'base64', 'hex', 'latin1'] as const) {
        expect(row!.text).not.toContain(part.toString(encoding));
      }
    }
    // Neither where a part begins or ends within a character.
    for (let at = 0; at <= 48; at += 8) expect(row!.text).not.toContain(refresh_token.slice(at, at + 16));
  }
  const secrets = [first, second].flatMap(({ access_token }) => access_token.split('.'));
  for (const secret of secrets) expect(row!.text).not.toContain(secret);
});

test.each([
  ['has not been refreshed in time', "idle_expires_at = now() - interval '1 s'"],
  ['has reached its greatest age', "expires_at = now() - interval '1 s'"],
  ['was ended', 'revoked_at = now()'],
])('a session that %s can’t be refreshed', async (_, assignment) => {
  await change(assignment);
  expectProblem(await refresh(api.program.url, first.refresh_token), 401, 'invalid_refresh_token');
});

test('a session holds 30 days, and 7 days without a refresh', async () => {
  const days = async () => {
    const [row] = await api.database.query<{ idle: number; age: number }>(
      `SELECT (extract(epoch FROM idle_expires_at - now()) / 86400)::float AS idle,
              (extract(epoch FROM expires_at - now()) / 86400)::float AS age
       FROM auth_session ORDER BY id DESC LIMIT 1`,
    );
    return row!;
  };
  const opened = await days();
  expect(opened.idle).toBeCloseTo(7, 2);
  expect(opened.age).toBeCloseTo(30, 2);
  await change(`idle_expires_at = now() + interval '1 day', expires_at = now() + interval '20 days'`);
  tokensOf(await refresh(api.program.url, first.refresh_token));
  const refreshed = await days();
  expect(refreshed.idle).toBeCloseTo(7, 2);
  expect(refreshed.age).toBeCloseTo(20, 2);
});

test('neither token outlives the session', async () => {
  await change(`expires_at = now() + interval '100 seconds'`);
  const answer = await refresh(api.program.url, first.refresh_token);
  const { access_token, expires_in } = tokensOf(answer);
  expect(expires_in).toBeGreaterThan(80);
  expect(expires_in).toBeLessThanOrEqual(100);
  const { iat, exp } = JSON.parse(Buffer.from(access_token.split('.')[1]!, 'base64url').toString()) as Record<
    string,
    number
  >;
  expect(exp! - iat!).toBe(expires_in);
  const expires = /Expires=([^;]+)/.exec(answer.headers['set-cookie']![0]!)![1]!;
  expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(100_000);
});
