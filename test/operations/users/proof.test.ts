/** What a stolen token is not enough for, and what tells whether an address has an account. */
import { type Api, PASSWORD, PREFIX, refused, startApi, type User } from '../../support/api.js';
import { BEHIND_PROXY, counted, freshAddress, inTurn, stretch, unblock, WRONG } from '../../support/attempts.js';
import { claimsOf } from '../../support/tokens.js';

const USERS = `${PREFIX}/users`;

let api: Api;
beforeAll(async () => {
  api = await startApi({ ...BEHIND_PROXY, AUTH_RATE_LIMIT_LIMIT: '8', REGISTRATIONS_PER_ADDRESS: '3' });
});
afterAll(() => api.stop());

let counter = 0;
const freshEmail = () => `fresh${++counter}@example.org`;

type Member = User & { from: string };

/** Somebody at an address of their own, so that no limit of another is used up. */
async function member(): Promise<Member> {
  const from = freshAddress();
  const username = `member${++counter}`;
  const body = { name: 'Some Member', username, email: `${username}@example.com`, password: PASSWORD };
  const account = await api.http.post(USERS).set('x-forwarded-for', freshAddress()).send(body).expect(201);
  const login = await api.http
    .post(`${PREFIX}/auth/login`)
    .set('x-forwarded-for', freshAddress())
    .send({ username, password: PASSWORD })
    .expect(200);
  return { ...body, id: account.body.id, token: login.body.access_token, agent: api.http, from };
}

const change = ({ username, token, from }: Member, changes: object) =>
  api.http.patch(`${USERS}/${username}`).auth(token, { type: 'bearer' }).set('x-forwarded-for', from).send(changes);
const remove = ({ username, token, from }: Member, body?: object) =>
  api.http.delete(`${USERS}/${username}`).auth(token, { type: 'bearer' }).set('x-forwarded-for', from).send(body);
const stored = async ({ id }: User) =>
  (await api.database.query('SELECT email, is_deleted FROM "user" WHERE id = $1', [id]))[0];

test.each([
  ['another address', (user: Member) => change(user, { email: freshEmail(), name: 'Other' })],
  ['deletion', (user: Member) => remove(user, {})],
  ['deletion without a body', (user: Member) => remove(user)],
])('%s needs the current password', async (_, act) => {
  const user = await member();
  await refused(act(user), 422, 'validation_failed');
  expect(await stored(user)).toEqual({ email: user.email, is_deleted: false });
});

test.each([
  ['another address', (user: Member) => change(user, { email: freshEmail(), current_password: WRONG })],
  ['deletion', (user: Member) => remove(user, { current_password: WRONG })],
])('%s with a wrong password is refused and counted', async (_, act) => {
  const user = await member();
  await refused(act(user), 403, 'wrong_password');
  const key = `session ${user.id} ${String(claimsOf(user.token).sid)}`;
  expect((await counted(api, key))!.failures).toBe(1);
  expect(await stored(user)).toEqual({ email: user.email, is_deleted: false });
});

test('after five wrong passwords the right one has to wait', async () => {
  const user = await member();
  const email = freshEmail();
  await inTurn(5, () => change(user, { email, current_password: WRONG }).expect(403));
  const session = String(claimsOf(user.token).sid);
  await stretch(api, session);
  await refused(change(user, { email, current_password: PASSWORD }), 429, 'too_many_requests');
  await refused(remove(user, { current_password: PASSWORD }), 429, 'too_many_requests');
  await unblock(api, session);
  await remove(user, { current_password: PASSWORD }).expect(204);
});

test('other changes, and the address that one has already, need no password', async () => {
  const user = await member();
  await change(user, { name: 'Another Name', email: user.email.toUpperCase() }).expect(200);
});

test('requests that name an address are strictly limited, other changes are not', async () => {
  const user = await member();
  const answers = await inTurn(9, () => change(user, { email: user.email }));
  expect(answers.map(({ status }) => status)).toEqual([...Array<number>(8).fill(200), 429]);
  await change(user, { name: 'Another Name' }).expect(200);
});

describe('claims of e-mail addresses from one address', () => {
  const register = (from: string, email = freshEmail()) => {
    const account = { name: 'Some Member', username: `claimer${++counter}`, email, password: PASSWORD };
    return api.http.post(USERS).set('x-forwarded-for', from).send(account);
  };

  test('are bounded in a day, taken or not, by registering and by changing', async () => {
    const user = await member();
    const { from } = user;
    await register(from).expect(201);
    await refused(change(user, { email: 'nobody@example.com', current_password: WRONG }), 403, 'wrong_password');
    await change(user, { email: freshEmail(), current_password: PASSWORD }).expect(200);
    await refused(register(from, user.email.toUpperCase()).send({ password: 'password' }), 422, 'validation_failed');
    const taken = (await member()).email;
    await refused(change(user, { email: taken, current_password: PASSWORD }), 409, 'email_taken');
    for (const email of [taken, freshEmail()]) {
      const ways = [register(from, email), change(user, { email, current_password: PASSWORD })];
      for (const way of ways) {
        const { headers } = await refused(way, 429, 'too_many_registrations');
        expect(Number(headers['retry-after'])).toBeGreaterThan(86_000);
      }
    }
    await register(freshAddress()).expect(201);
  });

  test('count a network of 48 bits of IPv6 as one', async () => {
    for (let n = 1; n <= 3; n++) await register(`2001:db8:7:${n}::1`).expect(201);
    await refused(register('2001:db8:7:ffff::1'), 429, 'too_many_registrations');
    await register('2001:db8:8::1').expect(201);
  });
});

test('who leaves keeps no session', async () => {
  const user = await member();
  const sessions = () => api.database.query('SELECT FROM auth_session WHERE user_id = $1', [user.id]);
  expect(await sessions()).toHaveLength(1);
  await remove(user, { current_password: PASSWORD }).expect(204);
  expect(await sessions()).toEqual([]);
});
