import { type Api, PASSWORD, PREFIX, useApi } from '../../support/api.js';
import { atOnce, attempt, counted, freshAddress, inTurn, stretch, unblock } from '../../support/attempts.js';
import type { Received } from '../../support/raw.js';
import { start } from '../../support/program.js';

const HOME = '127.0.0.1';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

const tries = (username: string, from?: string, password?: string) =>
  attempt(api.program.url, { username, password, from });
const count = (answers: Received[], wanted: number) => answers.filter(({ status }) => status === wanted).length;

test.each([
  ['one after the other', inTurn],
  ['all at once', atOnce],
])('200 wrong passwords for one account from 200 addresses, %s, about twenty are looked at', async (_, make) => {
  const { id, username } = await api.signUp();
  const answers = await make(200, () => tries(username));
  const looked = count(answers, 401);
  expect(looked).toBeGreaterThanOrEqual(20);
  expect(looked).toBeLessThanOrEqual(28);
  expect(count(answers, 429)).toBe(200 - looked);
  expect((await counted(api, `account ${id}`))!.failures).toBe(looked);
  for (const { headers } of answers.filter(({ status }) => status === 429)) {
    expect(headers['retry-after']).toMatch(/^[1-6]?\d$/);
  }
});

test('a storm from many addresses delays others by a minute at most', async () => {
  const { id, username } = await api.signUp();
  await atOnce(50, () => tries(username));
  await stretch(api, `${id}`);
  expect((await tries(username, freshAddress(), PASSWORD)).status).toBe(429);
  await unblock(api, `${id}`);
  expect((await tries(username, freshAddress(), PASSWORD)).status).toBe(200);
});

test('the wait of an account is a minute at most', async () => {
  const { id, username } = await api.signUp();
  await api.database.query(`INSERT INTO auth_failure VALUES ($1, 50, now(), now())`, [`account ${id}`]);
  expect((await tries(username)).status).toBe(401);
  const { status, headers } = await tries(username, freshAddress(), PASSWORD);
  expect(status).toBe(429);
  expect(headers['retry-after']).toMatch(/^(60|5\d)$/);
});

test('who knows the owner’s address does not get around the count of the pair', async () => {
  const { username } = await api.signUp();
  const from = freshAddress();
  expect((await tries(username, from, PASSWORD)).status).toBe(200);
  await inTurn(5, () => tries(username, from));
  await stretch(api, from);
  expect((await tries(username, from)).status).toBe(429);
});

test('an address that fails with many accounts has to wait with each of them, but only to sign in', async () => {
  const user = await api.signUp();
  const from = freshAddress();
  const answers = await inTurn(50, (index) => tries(`nobody${index}`, from));
  expect(count(answers, 401)).toBe(50);
  await stretch(api, from);
  expect((await tries('nobody', from)).status).toBe(429);
  expect((await tries(user.username, from, PASSWORD)).status).toBe(429);
  expect((await tries(user.username, freshAddress(), PASSWORD)).status).toBe(200);
  await api.http.get(`${PREFIX}/users`).set('x-forwarded-for', from).expect(200);
});

test('addresses of one IPv6 network of 64 bits are one', async () => {
  const { username } = await api.signUp();
  const answers = await inTurn(5, (index) => tries(username, `2001:db8:1:1:${index}::${index}`));
  expect(count(answers, 401)).toBe(5);
  await stretch(api, '2001:db8:1:1::/64');
  expect((await tries(username, '2001:DB8:1:1:FFFF::1', PASSWORD)).status).toBe(429);
  expect((await tries(username, '2001:db8:1:2::1', PASSWORD)).status).toBe(200);
});

test('an IPv4 address is the same however it is written', async () => {
  const { username } = await api.signUp();
  const from = freshAddress();
  const answers = await inTurn(5, (index) => tries(username, index % 2 ? from : `::ffff:${from}`));
  expect(count(answers, 401)).toBe(5);
  await stretch(api, from);
  for (const address of [from, `::ffff:${from}`]) expect((await tries(username, address)).status).toBe(429);
});

test('all instances share the counts, and one that starts later knows them', async () => {
  const { username } = await api.signUp();
  const from = freshAddress();
  await inTurn(3, () => tries(username, from));
  const other = await start('main', api.env);
  const there = () => attempt(other.url, { username, from });
  try {
    expect(count(await inTurn(2, there), 401)).toBe(2);
    await stretch(api, from);
    expect((await there()).status).toBe(429);
    expect((await tries(username, from)).status).toBe(429);
  } finally {
    await other.stop();
  }
});

test('what is a day old goes away when somebody signs in', async () => {
  const { username } = await api.signUp();
  await api.database.query(
    `INSERT INTO auth_failure SELECT 'address ' || age, 9, now() - age::interval, now() - age::interval
     FROM unnest(ARRAY['23 hours', '25 hours', '300 days']) AS age`,
  );
  expect((await tries(username, HOME, PASSWORD)).status).toBe(200);
  expect(await counted(api, 'address 23 hours')).toBeDefined();
  for (const age of ['25 hours', '300 days']) expect(await counted(api, `address ${age}`)).toBeUndefined();
});
