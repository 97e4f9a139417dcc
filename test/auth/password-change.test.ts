import { type Api, PASSWORD, PREFIX, useApi, type User } from '../support/api.js';
import { holdLocks, waitingForLocks } from '../support/locks.js';
import { until } from '../support/program.js';
import { expectProblem, type Received, send, type Sent } from '../support/raw.js';
import { refresh, signIn, statusOfMe, type Tokens, tokensOf } from '../support/sessions.js';

const NEW = 'Difference-Engine-1822';
const WRONG = 'Wrong-password';

let api: Api;
let user: User;
let session: Tokens;
beforeAll(async () => {
  api = await useApi();
});
beforeEach(async () => {
  user = await api.signUp();
  session = await signIn(api.program.url, user.username);
});
afterAll(() => api.stop());

const change = (body: object, more: Partial<Sent> = {}): Promise<Received> =>
  send(api.program.url, {
    method: 'POST',
    path: `${PREFIX}/auth/password`,
    token: session.access_token,
    body,
    ...more,
  });
const login = (password: string): Promise<Received> =>
  send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/login`, body: { username: user.username, password } });

async function expectOldPassword(): Promise<void> {
  expect((await login(PASSWORD)).status).toBe(200);
  expect(await statusOfMe(api.program.url, user.token)).toBe(200);
}

test('a new password takes the place of the old one', async () => {
  const answer = await change({ current_password: PASSWORD, new_password: NEW });
  expect([answer.status, answer.text]).toEqual([204, '']);
  expectProblem(await login(PASSWORD), 401, 'wrong_credentials');
  expect((await login(NEW)).status).toBe(200);
});

test('it ends every session but the one that changed it', async () => {
  const other = await signIn(api.program.url, user.username);
  const stranger = await signIn(api.program.url, (await api.signUp()).username);
  expect((await change({ current_password: PASSWORD, new_password: NEW })).status).toBe(204);
  for (const token of [user.token, other.access_token]) expect(await statusOfMe(api.program.url, token)).toBe(401);
  expectProblem(await refresh(api.program.url, other.refresh_token), 401, 'invalid_refresh_token');
  for (const { access_token, refresh_token } of [session, stranger]) {
    expect(await statusOfMe(api.program.url, access_token)).toBe(200);
    tokensOf(await refresh(api.program.url, refresh_token));
  }
});

test('who does not know the current password changes nothing', async () => {
  expectProblem(await change({ current_password: WRONG, new_password: NEW }), 403, 'wrong_password');
  await expectOldPassword();
});

test.each([
  ['a short one', 'short'],
  ['a long one', 'x'.repeat(129)],
  ['a common one', 'Password123'],
  ['one with the user name', () => `my-${user.username.toUpperCase()}-1906`],
  ['one with the e-mail address', () => `${user.email}!`],
  ['one with a NUL', 'Difference\0Engine'],
  ['a number', 1234567890],
  ['null', null],
  ['none', undefined],
])('%s is no new password', async (_, password) => {
  const new_password = typeof password === 'function' ? password() : password;
  const answer = await change({ current_password: PASSWORD, new_password });
  expectProblem(answer, 422, 'validation_failed');
  expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ field: 'new_password', message: expect.any(String) }] });
  await expectOldPassword();
});

test.each([
  ['no current password', { new_password: NEW }, 'current_password'],
  ['a number for the current password', { current_password: 1, new_password: NEW }, 'current_password'],
  ['a user', { current_password: PASSWORD, new_password: NEW, username: 'admin' }, 'username'],
])('%s is refused', async (_, body, field) => {
  const answer = await change(body);
  expectProblem(answer, 422, 'validation_failed');
  expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ field }] });
});

test('who is not signed in can’t change a password', async () => {
  const passwords = { current_password: PASSWORD, new_password: NEW };
  expectProblem(await change(passwords, { token: undefined }), 401, 'not_signed_in');
  expectProblem(await change(passwords, { token: session.refresh_token }), 401, 'not_signed_in');
  await expectOldPassword();
});

test('of two changes at once one wins, and the other is told that the password is wrong', async () => {
  const passwords = ['First-new-secret', 'Other-new-secret'];
  const release = await holdLocks(api.database, `SELECT FROM "user" WHERE id = ${user.id} FOR UPDATE`);
  const changes = passwords.map((new_password) => change({ current_password: PASSWORD, new_password }));
  await until(async () => (await waitingForLocks(api.database)) === 2);
  await release();
  const statuses = (await Promise.all(changes)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([204, 403]);
  expect((await login(passwords[statuses.indexOf(204)]!)).status).toBe(200);
});

test('guessing the current password is soon made to wait, even with the right one', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  const right = () => change({ current_password: PASSWORD, new_password: NEW }, { headers });
  const unblock = (when: string) =>
    api.database.query(`UPDATE auth_failure SET unblocked_at = ${when} WHERE unblocked_at > failed_at`);
  for (let i = 0; i < 5; i++) {
    expectProblem(await change({ current_password: WRONG, new_password: NEW }, { headers }), 403, 'wrong_password');
  }
  await unblock(`unblocked_at + interval '1 minute'`);
  const answer = await right();
  expectProblem(answer, 429, 'too_many_requests');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(30);
  await expectOldPassword();
  await unblock('now()');
  expect((await right()).status).toBe(204);
});
