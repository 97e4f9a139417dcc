import { type Api, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';
import { mailsTo } from '../support/mails.js';
import { type Program, start, until } from '../support/program.js';
import { runNow } from '../tasks/clean-ups.js';
import { AUTH, fifty, linkTo, login, NEW_PASSWORD, plant, reset, verified, verify, wait } from './links.js';

// Mail that can't be sent stays where the suite reads it.
const NO_SERVER = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'no-reply@example.com' };

let api: Api;
let worker: Program;
beforeAll(async () => {
  api = await useApi();
  worker = await start('worker', { ...api.env, ...NO_SERVER });
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
});

const forgot = (email: string) => api.http.post(`${AUTH}/password/forgot`).send({ email });

/** Waits until the worker has looked at everything that was asked for. */
async function looked(): Promise<void> {
  const left = `SELECT FROM task WHERE name = 'forgotten_password' AND finished_at IS NULL`;
  await until(async () => (await api.database.query(left)).length === 0);
}

async function resetLink({ email }: User, typed = email): Promise<string> {
  await forgot(typed).expect(202);
  await looked();
  return linkTo(api, email, 'reset_password');
}

const resets = async (email: string) =>
  (await mailsTo(api, email)).filter(({ template }) => template === 'reset_password').length;

test('whoever has forgotten the password gets a link, sets another, and is signed out everywhere', async () => {
  const user = await verified(api);
  const token = await resetLink(user, user.email.toUpperCase());
  await reset(api, token).expect(204);
  await refused(user.agent.get(`${PREFIX}/users/me`), 401, 'not_signed_in');
  await refused(login(api, user.username, PASSWORD), 401, 'wrong_credentials');
  await login(api, user.email, NEW_PASSWORD).expect(200);
});

test('a link for a new password verifies the address that it went to', async () => {
  const user = await api.signUp();
  await reset(api, await resetLink(user)).expect(204);
  const [row] = await api.database.query('SELECT email, email_verified_at FROM "user" WHERE id = $1', [user.id]);
  expect(row).toEqual({ email: user.email, email_verified_at: expect.any(Date) });
});

test('an account without a password gets its first one', async () => {
  const user = await verified(api);
  await api.database.query('UPDATE "user" SET hashed_password = NULL WHERE id = $1', [user.id]);
  await reset(api, await resetLink(user)).expect(204);
  await login(api, user.username, NEW_PASSWORD).expect(200);
});

test('wrong passwords from before do not delay the new one', async () => {
  const user = await verified(api);
  for (let tries = 0; tries < 6; tries++) await login(api, user.username, 'Wr0ng-of-tests');
  await refused(login(api, user.username, PASSWORD), 429, 'too_many_requests');
  await reset(api, await resetLink(user)).expect(204);
  await login(api, user.username, NEW_PASSWORD).expect(200);
});

const DELETED = 'UPDATE "user" SET is_deleted = true, deleted_at = now() WHERE id = $1';

test('known, unknown and deleted addresses get the same answer, and only the known one gets mail', async () => {
  const [known, deleted] = [await verified(api), await verified(api)];
  await api.database.query(DELETED, [deleted.id]);
  const emails = [known.email, 'unknown@example.com', deleted.email];
  const answers = [];
  for (const email of emails) answers.push(await forgot(email));
  const seen = answers.map(({ status, text, headers }) => {
    return { status, text, headers: Object.keys(headers).toSorted(), length: headers['content-length'] };
  });
  expect(seen).toEqual(Array.from(seen, () => ({ ...seen[0], status: 202 })));
  await looked();
  expect(await Promise.all(emails.map(resets))).toEqual([1, 0, 0]);
});

test('however often it is asked for, three mails an hour go to one address, and nobody is told', async () => {
  const user = await verified(api);
  expect(await fifty(() => forgot(user.email))).toEqual({ 202: 50 });
  await looked();
  expect(await resets(user.email)).toBe(3);
});

test.each([
  [{ email: 'a@example.com\r\nBcc: b@example.com' }],
  [{ email: 'a@example.com,b@example.com' }],
  [{ email: ['a@example.com', 'b@example.com'] }],
  [{ email: 'ada' }],
  [{}],
])('%j is no address', async (body) => {
  await refused(api.http.post(`${AUTH}/password/forgot`).send(body), 422, 'validation_failed');
});

test.each([
  ['was forged', () => Promise.resolve('w'.repeat(43))],
  ['has expired', (user: User, token: string) => wait(api, user, '31 minutes').then(() => token)],
  [
    'was used',
    async (_: User, token: string) => {
      await reset(api, token, 'Other-Engine-1822').expect(204);
      return token;
    },
  ],
  [
    'was replaced by a newer one',
    async (user: User, token: string) => {
      await resetLink(user);
      return token;
    },
  ],
  [
    'is older than the password',
    async ({ agent }: User, token: string) => {
      const body = { current_password: PASSWORD, new_password: 'Other-Engine-1822' };
      await agent.post(`${AUTH}/password`).send(body).expect(204);
      return token;
    },
  ],
  [
    'went to an address before',
    async (user: User, token: string) => {
      await verify(user, await plant(api, user.id, 'change', `other-${user.email}`)).expect(204);
      return token;
    },
  ],
  [
    'is of a deleted account',
    async ({ id }: User, token: string) => {
      await api.database.query(DELETED, [id]);
      return token;
    },
  ],
  ['verifies an address', (user: User) => plant(api, user.id, 'verify')],
  ['changes an address', (user: User) => plant(api, user.id, 'change', 'other@example.com')],
])('a token that %s sets no password', async (_, bad) => {
  const user = await verified(api);
  await refused(reset(api, await bad(user, await plant(api, user.id, 'reset'))), 403, 'invalid_link');
  await refused(login(api, user.username, NEW_PASSWORD), 401, 'wrong_credentials');
});

test.each([
  ['too short', 'short'],
  ['common', 'password123'],
  ['the address', undefined],
])('a password that is %s is refused, and the token still good', async (_, password) => {
  const user = await verified(api);
  const token = await plant(api, user.id, 'reset');
  await refused(reset(api, token, password ?? user.email), 422, 'validation_failed');
  await reset(api, token).expect(204);
});

test('of fifty uses at once, one sets the password', async () => {
  const user = await verified(api);
  const token = await plant(api, user.id, 'reset');
  expect(await fifty(() => reset(api, token))).toEqual({ 204: 1, 403: 49 });
});

test('what is over goes after a day, and what is still good stays', async () => {
  const [gone, kept] = [await verified(api), await verified(api)];
  await plant(api, kept.id, 'revert');
  for (const user of [gone, kept]) await wait(api, user, '2 days');
  expect(await runNow({ api }, 'expired_recovery_tokens')).toEqual({ deleted: expect.any(Number) });
  const left = 'SELECT purpose FROM recovery_token WHERE user_id = ANY($1)';
  expect(await api.database.query(left, [[gone.id, kept.id]])).toEqual([{ purpose: 'revert' }]);
});
