import { type Api, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';
import { mailsTo, mailTo } from '../support/mails.js';
import { accountOf, AUTH, fifty, linkTo, plant, tokenOf, verified, verify, wait } from './links.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

const again = ({ agent }: User) => agent.post(`${AUTH}/email/verification`);
const sentTo = async (email: string) => (await mailsTo(api, email)).length;

test('whoever registers gets a link to the front end, which verifies the address', async () => {
  const user = await api.signUp();
  expect(await accountOf(user)).toMatchObject({ email: user.email, email_verified_at: null });
  const mail = await mailTo(api, user.email);
  expect(mail.links[0]).toMatch(/^https:\/\/app\.example\.com\/verify-email#token=[\w-]{43}$/);
  await verify(user, tokenOf(mail)).expect(204);
  expect(await accountOf(user)).toMatchObject({ email: user.email, email_verified_at: expect.any(String) });
});

test('the database has only a hash of the token', async () => {
  const user = await api.signUp();
  const token = await linkTo(api, user.email, 'verify_email');
  const rows = await api.database.query('SELECT * FROM recovery_token WHERE user_id = $1', [user.id]);
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(token);
});

/** What is wrong with a token. */
const BAD: [string, (user: User) => Promise<string>][] = [
  ['was forged', () => Promise.resolve('x'.repeat(43))],
  [
    'was used',
    async (user) => {
      const token = await linkTo(api, user.email, 'verify_email');
      await verify(user, token).expect(204);
      await api.database.query('UPDATE "user" SET email_verified_at = NULL WHERE id = $1', [user.id]);
      return token;
    },
  ],
  [
    'has expired',
    async (user) => {
      await wait(api, user, '25 hours');
      return linkTo(api, user.email, 'verify_email');
    },
  ],
  [
    'was replaced by a newer one',
    async (user) => {
      const token = await linkTo(api, user.email, 'verify_email');
      await again(user).expect(202);
      return token;
    },
  ],
  ['is of another user', async () => linkTo(api, (await api.signUp()).email, 'verify_email')],
  ['is for a new password', (user) => plant(api, user.id, 'reset')],
  ['is for taking the account back', (user) => plant(api, user.id, 'revert')],
  [
    'went to an address before',
    async (user) => {
      const token = await linkTo(api, user.email, 'verify_email');
      await api.database.query('UPDATE "user" SET email = $2 WHERE id = $1', [user.id, `other-${user.email}`]);
      return token;
    },
  ],
];

test.each(BAD)('a token that %s verifies nothing', async (_, token) => {
  const user = await api.signUp();
  await refused(verify(user, await token(user)), 403, 'invalid_link');
  const [row] = await api.database.query('SELECT email_verified_at FROM "user" WHERE id = $1', [user.id]);
  expect(row).toEqual({ email_verified_at: null });
});

test.each([[{}], [{ token: '' }], [{ token: 'x'.repeat(44) }], [{ token: 1 }], [{ token: 'x'.repeat(43), more: 1 }]])(
  '%j is no token',
  async (body) => {
    const { agent } = await api.signUp();
    await refused(agent.post(`${AUTH}/email/verify`).send(body), 422, 'validation_failed');
  },
);

test('nobody verifies without signing in', async () => {
  const user = await api.signUp();
  const token = await linkTo(api, user.email, 'verify_email');
  await refused(verify({ agent: api.http }, token), 401, 'not_signed_in');
  await verify(user, token).expect(204);
});

test('of fifty uses at once, one verifies', async () => {
  const user = await api.signUp();
  const token = await linkTo(api, user.email, 'verify_email');
  expect(await fifty(() => verify(user, token))).toEqual({ 204: 1, 403: 49 });
});

test('a verified address is not verified again', async () => {
  await refused(again(await verified(api)), 409, 'email_already_verified');
});

test('three mails go out in an hour and ten in a day, also of fifty that are asked for at once', async () => {
  const user = await api.signUp();
  expect(await fifty(() => again(user))).toEqual({ 202: 2, 429: 48 });
  const { headers } = await refused(again(user), 429, 'too_many_requests');
  expect(Number(headers['retry-after'])).toBeGreaterThan(3_500);
  for (let hours = 0; hours < 3; hours++) {
    await wait(api, user, '61 minutes');
    for (let mails = 0; mails < 3 && (await sentTo(user.email)) < 10; mails++) await again(user).expect(202);
  }
  await wait(api, user, '61 minutes');
  const { headers: later } = await refused(again(user), 429, 'too_many_requests');
  expect(Number(later['retry-after'])).toBeGreaterThan(3_600 * 19);
  expect(await sentTo(user.email)).toBe(10);
});

test('a new address gets a link of its own, and the link to the one before is void', async () => {
  const user = await api.signUp();
  const before = await linkTo(api, user.email, 'verify_email');
  const email = `new-${user.email}`;
  const changes = { email, current_password: PASSWORD };
  await user.agent.patch(`${PREFIX}/users/${user.username}`).send(changes).expect(200);
  await refused(verify(user, before), 403, 'invalid_link');
  await verify(user, await linkTo(api, email, 'verify_email')).expect(204);
});
