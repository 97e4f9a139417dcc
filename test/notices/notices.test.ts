/** What owners of accounts are told of by mail, how often, and what they can do without. */
import { type Api, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';
import { mailsTo, type QueuedMail } from '../support/mails.js';
import { expectProblem, send } from '../support/raw.js';
import { refresh, signIn } from '../support/sessions.js';

const NOTICES = `${PREFIX}/users/me/notices`;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

const noticesTo = async (address: string): Promise<QueuedMail[]> =>
  (await mailsTo(api, address)).filter(({ template }) => template === 'notice');
const subjectsTo = async (address: string) => (await noticesTo(address)).map(({ subject }) => subject);

/** Signs in without a cookie jar; answers its cookies. */
async function login(
  { username }: User,
  { password = PASSWORD, agent = FIREFOX, cookie = '', address = '192.0.2.1' } = {},
): Promise<string[]> {
  const headers = { 'user-agent': agent, cookie, 'x-forwarded-for': address };
  const body = { username, password };
  const answer = await send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/login`, body, headers });
  if (password === PASSWORD) expect(answer.status).toBe(200);
  return (answer.headers['set-cookie'] ?? []).map((one) => one.split(';', 1)[0]!);
}

const changePassword = ({ agent }: User, current_password: string, new_password: string) =>
  agent.post(`${PREFIX}/auth/password`).send({ current_password, new_password });

async function guessOften(user: User): Promise<void> {
  for (let n = 0; n < 6; n++) await login(user, { password: 'Wrong-password-1' });
}

/** Shows a refresh token that was used before, long after. */
async function reuse(user: User): Promise<void> {
  const { refresh_token } = await signIn(api.program.url, user.username);
  expect((await refresh(api.program.url, refresh_token)).status).toBe(200);
  await api.database.query(`UPDATE auth_session SET last_used_at = now() - interval '1 minute' WHERE user_id = $1`, [
    user.id,
  ]);
  expectProblem(await refresh(api.program.url, refresh_token), 401, 'invalid_refresh_token');
}

test.each<[string, (user: User) => Promise<unknown>, string, string]>([
  ['signs in on a new device', login, 'A sign-in on a new device', 'Firefox on Linux, from the address 192.0.2.1'],
  ['guesses passwords', guessOften, 'Too many wrong passwords', 'from the address 192.0.2.1'],
  ['shows a stolen refresh token', reuse, 'A session was ended, as it may have been stolen', 'ended'],
  [
    'changes the password',
    (user) => changePassword(user, PASSWORD, 'Difference-Engine-1822').expect(204),
    'Your password was changed',
    'all other sessions were ended',
  ],
  [
    'changes the address, which the old one is told',
    ({ agent, username }) =>
      agent
        .patch(`${PREFIX}/users/${username}`)
        .send({ email: `new-${username}@example.com`, current_password: PASSWORD })
        .expect(200),
    'Your e-mail address was changed',
    'the last message to this one',
  ],
])('the owner of an account is told if somebody %s', async (_, act, subject, words) => {
  const ada = await api.signUp();
  expect(await noticesTo(ada.email)).toEqual([]);
  await act(ada);
  const told = (await noticesTo(ada.email)).filter((mail) => mail.subject === subject);
  expect(told).toHaveLength(1);
  expect(told[0]!.text).toContain(`Hello ${ada.username},`);
  expect(told[0]!.text).toContain(words);
  // It leads to the front end, and nowhere else.
  expect(told[0]!.links.map((link) => new URL(link).origin)).toEqual(['https://app.example.com']);
  expect(told[0]!.html).not.toContain('<a ');
});

test('a device is new once, and one that has signed in before never', async () => {
  const ada = await api.signUp();
  const cookie = (await login(ada)).find((one) => one.includes('device'))!;
  await login(ada);
  await login(ada, { agent: 'Another program', address: '192.0.2.2', cookie });
  expect(await subjectsTo(ada.email)).toEqual(['A sign-in on a new device']);
  await login(ada, { agent: 'Another program', address: '192.0.2.3' });
  expect(await subjectsTo(ada.email)).toHaveLength(2);
});

test('whoever signs in right after they have registered is told nothing, and a year later that the device is new', async () => {
  const ada = await api.signUp();
  await api.database.query('DELETE FROM auth_session WHERE user_id = $1', [ada.id]);
  await login(ada);
  expect(await subjectsTo(ada.email)).toEqual([]);
  await api.database.query('DELETE FROM auth_session WHERE user_id = $1', [ada.id]);
  await api.database.query(`UPDATE "user" SET created_at = created_at - interval '1 year' WHERE id = $1`, [ada.id]);
  await login(ada);
  expect(await subjectsTo(ada.email)).toHaveLength(1);
});

test('nothing that a stranger sends is repeated, except where it came from', async () => {
  const ada = await api.signUp();
  const agent = 'Your account is closed: visit https://evil.example.com <b>now</b>';
  await login(ada, { agent });
  await guessOften(ada);
  const told = await noticesTo(ada.email);
  expect(told).toHaveLength(2);
  expect(JSON.stringify(told)).not.toContain('evil');
});

test('a notice is turned off and on, and those about security stay', async () => {
  const ada = await api.signUp();
  const { body: before } = await ada.agent.get(NOTICES).expect(200);
  expect(before.notices).toEqual(
    expect.arrayContaining([
      { name: 'new_device', about: 'A sign-in on a new device', is_required: false, is_on: true },
      { name: 'password_changed', about: 'A change of your password', is_required: true, is_on: true },
    ]),
  );
  await ada.agent.patch(`${NOTICES}/new_device`).send({ is_on: false }).expect(200);
  await login(ada);
  expect(await noticesTo(ada.email)).toEqual([]);
  const { body: off } = await ada.agent.get(`${NOTICES}/new_device`).expect(200);
  expect(off.is_on).toBe(false);
  await ada.agent.patch(`${NOTICES}/new_device`).send({}).expect(200, off);
  await ada.agent.patch(`${NOTICES}/new_device`).send({ is_on: true }).expect(200);
  await login(ada, { agent: 'Another program' });
  expect(await subjectsTo(ada.email)).toEqual(['A sign-in on a new device']);
  await refused(ada.agent.patch(`${NOTICES}/password_changed`).send({ is_on: false }), 409, 'notice_required');
  await ada.agent.patch(`${NOTICES}/password_changed`).send({ is_on: true }).expect(200);
});

test('one who turns it off changes nothing for others', async () => {
  const [ada, grace] = [await api.signUp(), await api.signUp()];
  await ada.agent.patch(`${NOTICES}/new_device`).send({ is_on: false }).expect(200);
  expect((await grace.agent.get(`${NOTICES}/new_device`)).body.is_on).toBe(true);
});

test.each([
  ['PATCH of another name', 'patch', 'nothing', {}, 404, 'notice_not_found'],
  ['GET of another name', 'get', 'constructor', undefined, 404, 'notice_not_found'],
  ['null', 'patch', 'new_device', { is_on: null }, 422, 'validation_failed'],
  ['no boolean', 'patch', 'new_device', { is_on: 'false' }, 422, 'validation_failed'],
  ['an unknown field', 'patch', 'new_device', { is_off: true }, 422, 'validation_failed'],
] as const)('%s is refused', async (_, method, name, body, status, code) => {
  const ada = await api.signUp();
  await refused(ada.agent[method](`${NOTICES}/${name}`).send(body), status, code);
});

test('a notice that was changed meanwhile is not changed', async () => {
  const ada = await api.signUp();
  const { headers } = await ada.agent.get(`${NOTICES}/new_device`).expect(200);
  const change = (is_on: boolean) =>
    ada.agent.patch(`${NOTICES}/new_device`).set('if-match', headers.etag!).send({ is_on });
  await change(false).expect(200);
  await refused(change(true), 412, 'stale_entity_tag');
  expect((await ada.agent.get(`${NOTICES}/new_device`)).body.is_on).toBe(false);
});

test('an owner is told of one thing a few times an hour at most', async () => {
  const ada = await api.signUp();
  const words = (n: number) => (n === 0 ? PASSWORD : `Difference-Engine-${n}`);
  for (let n = 0; n < 7; n++) await changePassword(ada, words(n), words(n + 1)).expect(204);
  expect(await noticesTo(ada.email)).toHaveLength(5);
  await api.database.query(`UPDATE notice SET counting_began_at = now() - interval '1 hour' WHERE user_id = $1`, [
    ada.id,
  ]);
  await changePassword(ada, words(7), words(8)).expect(204);
  expect(await noticesTo(ada.email)).toHaveLength(6);
});

test('however often somebody guesses, the owner hears of it once an hour', async () => {
  const ada = await api.signUp();
  await guessOften(ada);
  await api.database.query(`UPDATE auth_failure SET unblocked_at = now() - interval '1 s'`);
  await guessOften(ada);
  expect(await subjectsTo(ada.email)).toEqual(['Too many wrong passwords']);
});

test('20 at once are counted as 20', async () => {
  const ada = await api.signUp();
  await Promise.all(Array.from({ length: 20 }, (_, n) => login(ada, { agent: `Program ${n}` })));
  expect(await noticesTo(ada.email)).toHaveLength(5);
});

test('nobody is told of what did not happen', async () => {
  const ada = await api.signUp();
  await refused(changePassword(ada, 'Wrong-password-1', 'Difference-Engine-1'), 403, 'wrong_password');
  const taken = { email: (await api.signUp()).email, current_password: PASSWORD };
  await refused(ada.agent.patch(`${PREFIX}/users/${ada.username}`).send(taken), 409, 'email_taken');
  expect(await noticesTo(ada.email)).toEqual([]);
});

test('an address that nobody can have is sent nothing', async () => {
  const ada = await api.signUp();
  await api.database.query(`UPDATE "user" SET email = $2 WHERE id = $1`, [ada.id, `${ada.username}@account.invalid`]);
  await login(ada);
  expect(await mailsTo(api, `${ada.username}@account.invalid`)).toEqual([]);
});
