/** Whatever others do, the owner of an account gets in from a device that the account knows. */
import { type Api, PASSWORD, useApi, type User } from '../support/api.js';
import { atOnce, counted, freshAddress, inTurn, stretch, WRONG } from '../support/attempts.js';
import { expectProblem, type Received } from '../support/raw.js';
import { deviceOf, knownDevice as knownDeviceOf, login as loginAt, setCookie, type Try } from './devices.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

const login = (username: string, how?: Try) => loginAt(api.program.url, username, how);
const statuses = (answers: Received[]) => new Set(answers.map(({ status }) => status));
const knownDevice = (user: User) => knownDeviceOf(api, user);

test('the cookie is for the auth routes of this site only, out of reach for scripts, and good for 90 days', async () => {
  const { username } = await api.signUp();
  const text = setCookie(await login(username))!;
  expect(text).toMatch(/^device=[\w.~-]{60,100}; Path=\/api\/v1\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  const days = (Date.parse(/Expires=([^;]+)/.exec(text)![1]!) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(89);
  expect(days).toBeLessThanOrEqual(90);
});

test('a wrong password brings no cookie', async () => {
  const { username } = await api.signUp();
  expect(setCookie(await login(username, { password: WRONG }))).toBeUndefined();
});

test.each([
  ['one address, the owner’s own', () => '198.51.100.1'],
  ['many addresses', () => freshAddress()],
])('an attack from %s keeps no owner out who has the device', async (_, address) => {
  const user = await api.signUp();
  const cookie = await knownDevice(user);
  const from = '198.51.100.1';
  await atOnce(60, () => login(user.username, { password: WRONG, from: address() }));
  // With other accounts too, so that the address itself has to wait.
  await atOnce(60, (index) => login(`nobody${index}`, { password: WRONG, from: address() }));
  await Promise.all([stretch(api, `${user.id}`), stretch(api, from)]);
  expect((await login(user.username, { from })).status).toBe(429);
  for (const where of [from, freshAddress()]) {
    const answer = await login(user.username, { from: where, cookie });
    expect(answer.status).toBe(200);
    expect((await login(user.username.toUpperCase(), { from: where, cookie: deviceOf(answer) })).status).toBe(200);
  }
});

test('the owner signs in on the device while the attack goes on', async () => {
  const user = await api.signUp();
  const cookie = await knownDevice(user);
  const storm = atOnce(50, () => login(user.username, { password: WRONG }));
  expect((await login(user.username, { cookie })).status).toBe(200);
  await storm;
  expect((await counted(api, `account ${user.id}`))!.failures).toBeGreaterThan(0);
});

test('who steals the cookie gets five tries and then waits, and locks out neither other devices nor the address', async () => {
  const user = await api.signUp();
  const [stolen, other] = [await knownDevice(user), await knownDevice(user)];
  const from = freshAddress();
  const answers = await inTurn(5, () => login(user.username, { password: WRONG, cookie: stolen }));
  expect(statuses(answers)).toEqual(new Set([401]));
  const id = stolen.split('.')[2]!;
  await stretch(api, id);
  for (const password of [WRONG, PASSWORD]) {
    const answer = await login(user.username, { password, cookie: stolen });
    expectProblem(answer, 429, 'too_many_requests');
  }
  expect((await counted(api, `device ${user.id} ${id}`))!.failures).toBe(5);
  expect(await counted(api, `account ${user.id}`)).toBeUndefined();
  for (const cookie of [other, undefined]) expect((await login(user.username, { from, cookie })).status).toBe(200);
});

test('the device of one account is none of another', async () => {
  const [user, attacker] = [await api.signUp(), await api.signUp()];
  const cookie = await knownDevice(attacker);
  const from = freshAddress();
  await inTurn(5, () => login(user.username, { password: WRONG, from, cookie }));
  expect((await counted(api, `pair ${user.id} ${from}`))!.failures).toBe(5);
  expect((await counted(api, `account ${user.id}`))!.failures).toBe(5);
});

test('a device is known to the last five accounts that signed in on it', async () => {
  const users = await inTurn(6, () => api.signUp());
  let cookie: string | undefined;
  for (const { username } of users) cookie = deviceOf(await login(username, { cookie }));
  const counts = await inTurn(6, async (index) => {
    const { id, username } = users[index]!;
    await login(username, { password: WRONG, cookie });
    return (await counted(api, `account ${id}`))?.failures ?? 0;
  });
  expect(counts).toEqual([1, 0, 0, 0, 0, 0]);
});

const FORGERIES: [what: string, (pass: string[], user: User) => string][] = [
  ['of another user', ([, ...rest], { id }) => [id + 1, ...rest].join('.')],
  ['that is good for longer', ([user, , ...rest]) => [user, '9999999999999', ...rest].join('.')],
  ['with another id', ([user, end, , signature]) => [user, end, 'A'.repeat(16), signature].join('.')],
  ['with another signature', (pass) => [...pass.slice(0, 3), 'A'.repeat(43)].join('.')],
  ['without a signature', (pass) => pass.slice(0, 3).join('.')],
  ['of nothing', () => ''],
  ['of nonsense', () => '%ff~~..~1.2.3.4'],
  [
    'of very much',
    (pass) =>
      Array(60)
        .fill(`1${pass.join('.')}`)
        .join('~'),
  ],
];

test.each(FORGERIES)('a cookie %s makes no device known', async (_, forge) => {
  const user = await api.signUp();
  const pass = (await knownDevice(user)).replace('device=', '').split('.');
  const target = { ...user, id: Number(pass[0]) };
  const cookie = `device=${forge(pass, target)}`;
  expect((await login(user.username, { password: WRONG, cookie })).status).toBe(401);
  expect((await counted(api, `account ${user.id}`))!.failures).toBe(1);
});

test('an unknown name is answered alike with a cookie and without', async () => {
  const user = await api.signUp();
  const cookie = await knownDevice(user);
  const facts = async (username: string) => {
    const { status, headers, text } = await login(username, { password: WRONG, cookie });
    const { 'x-request-id': id, date: _date, ...others } = headers;
    return { status, others, text: text.replace(id as string, '') };
  };
  const other = await api.signUp();
  expect(await facts('nobody')).toEqual(await facts(other.username));
  expect(await facts('nobody')).toEqual(await facts(user.username));
});
