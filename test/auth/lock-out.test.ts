import { type Api, PASSWORD, PREFIX, useApi, type User } from '../support/api.js';
import { atOnce, attempt, counted, freshAddress, inTurn, stretch, unblock, WRONG } from '../support/attempts.js';
import { expectProblem, type Received } from '../support/raw.js';
import { claimsOf } from '../support/tokens.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

const tries = (username: string, from: string, password?: string) =>
  attempt(api.program.url, { username, password, from });
const statuses = (answers: Received[]) => answers.map(({ status }) => status);
const pairOf = ({ id }: User, from: string) => `pair ${id} ${from}`;

test.each([
  ['one after the other', inTurn],
  ['all at once', atOnce],
])('of 200 wrong passwords from one address, %s, a handful is looked at', async (_, make) => {
  const user = await api.signUp();
  const from = freshAddress();
  const answers = await make(200, () => tries(user.username, from));
  const looked = answers.filter(({ status }) => status === 401).length;
  expect(looked).toBeGreaterThanOrEqual(5);
  expect(looked).toBeLessThanOrEqual(12);
  expect((await counted(api, pairOf(user, from)))!.failures).toBe(looked);
  if (make === inTurn) expect(statuses(answers.slice(0, 6))).toEqual([401, 401, 401, 401, 401, 429]);
  for (const answer of answers.filter(({ status }) => status !== 401)) {
    expectProblem(answer, 429, 'too_many_requests');
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d?$/);
  }
});

test('the right password has to wait as well, and not for longer than it was told', async () => {
  const user = await api.signUp();
  const from = freshAddress();
  await inTurn(5, () => tries(user.username, from));
  await stretch(api, from);
  const refusal = await tries(user.username, from, PASSWORD);
  expect(refusal.status).toBe(429);
  const seconds = Number(refusal.headers['retry-after']);
  expect(seconds).toBeGreaterThan(15);
  expect(seconds).toBeLessThanOrEqual(21);
  await api.database.query(
    `UPDATE auth_failure SET unblocked_at = unblocked_at - $1 * interval '1 s' WHERE key LIKE $2`,
    [seconds, `% ${from}`],
  );
  expect((await tries(user.username, from, PASSWORD)).status).toBe(200);
});

test('delays double with each wrong password', async () => {
  const user = await api.signUp();
  const from = freshAddress();
  const delays = await inTurn(10, async () => {
    await unblock(api, from);
    expect((await tries(user.username, from)).status).toBe(401);
    return (await counted(api, pairOf(user, from)))!.delay;
  });
  expect(delays).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32]);
  expect((await tries(user.username, from)).headers['retry-after']).toMatch(/^3[0-2]$/);
});

test('delays stay bounded, whatever was counted', async () => {
  const user = await api.signUp();
  const from = freshAddress();
  const longest = { [`pair ${user.id} ${from}`]: 900, [`account ${user.id}`]: 60, [`address ${from}`]: 300 };
  for (const failures of [100, 1_000_000]) {
    for (const key of Object.keys(longest)) {
      await api.database.query(
        `INSERT INTO auth_failure VALUES ($1, $2, now(), now()) ON CONFLICT (key) DO UPDATE SET failures = $2, unblocked_at = now()`,
        [key, failures],
      );
    }
    expect((await tries(user.username, from)).status).toBe(401);
    for (const [key, delay] of Object.entries(longest)) {
      expect({ key, ...(await counted(api, key)) }).toEqual({ key, failures: failures + 1, delay });
    }
  }
});

test('the user name and the e-mail of an account are one in counting', async () => {
  const user = await api.signUp();
  const from = freshAddress();
  const names = [user.username, user.email, user.email.toUpperCase(), user.username, user.email];
  for (const name of names) expect((await tries(name, from)).status).toBe(401);
  await stretch(api, from);
  for (const name of names) expect((await tries(name, from, PASSWORD)).status).toBe(429);
});

test.each(['nobody', 'nobody@example.com'])('%s is counted and answered like somebody', async (nobody) => {
  const user = await api.signUp();
  const [theirs, ours] = [freshAddress(), freshAddress()];
  const told = async (name: string, from: string) => {
    await stretch(api, from);
    const { status, headers, text } = await tries(name, from);
    const { 'x-request-id': id, date: _date, 'retry-after': seconds = '0', ...others } = headers;
    return { seconds: Number(seconds), facts: { status, text: text.replace(id as string, ''), others } };
  };
  const steps: number[] = [];
  for (let step = 0; step < 9; step++) {
    const [answer, known] = [await told(nobody, theirs), await told(user.username, ours)];
    expect(answer.facts).toEqual(known.facts);
    expect(Math.abs(answer.seconds - known.seconds)).toBeLessThanOrEqual(1);
    steps.push(answer.facts.status);
    if (answer.facts.status === 429) await Promise.all([unblock(api, theirs), unblock(api, ours)]);
  }
  expect(steps).toEqual([401, 401, 401, 401, 401, 429, 401, 429, 401]);
});

test('signing in clears what was counted against account and pair, but not against the address', async () => {
  const user = await api.signUp();
  const from = freshAddress();
  for (const round of [1, 2]) {
    expect(statuses(await inTurn(4, () => tries(user.username, from)))).toEqual([401, 401, 401, 401]);
    expect((await counted(api, `account ${user.id}`))!.failures).toBe(4);
    expect((await tries(user.username, from, PASSWORD)).status).toBe(200);
    expect(await counted(api, pairOf(user, from))).toBeUndefined();
    expect(await counted(api, `account ${user.id}`)).toBeUndefined();
    expect((await counted(api, `address ${from}`))!.failures).toBe(4 * round);
  }
});

test.each([
  ['59 minutes', 8],
  ['61 minutes', 1],
])('%s after the last wrong password the next one counts as number %i', async (age, failures) => {
  const user = await api.signUp();
  const from = freshAddress();
  await api.database.query(`INSERT INTO auth_failure VALUES ($1, 7, now() - $2::interval, now())`, [
    pairOf(user, from),
    age,
  ]);
  expect((await tries(user.username, from)).status).toBe(401);
  expect((await counted(api, pairOf(user, from)))!.failures).toBe(failures);
});

test('wrong passwords in changing the password count for the session, and for nothing else', async () => {
  const user = await api.signUp();
  const from = freshAddress();
  const change = (current_password: string) =>
    user.agent
      .post(`${PREFIX}/auth/password`)
      .set('x-forwarded-for', from)
      .send({ current_password, new_password: 'Difference-Engine-1822' });
  await inTurn(5, () => tries(user.username, from));
  await stretch(api, from);
  expect((await tries(user.username, from, PASSWORD)).status).toBe(429);
  await inTurn(5, () => change(WRONG).expect(403));
  const { sid } = claimsOf(user.token);
  const key = `session ${user.id} ${String(sid)}`;
  expect((await counted(api, key))!.failures).toBe(5);
  await stretch(api, String(sid));
  await change(PASSWORD).expect(429).expect('retry-after', /^\d+$/);
  await unblock(api, String(sid));
  await change(PASSWORD).expect(204);
});
