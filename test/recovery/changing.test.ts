import request from 'supertest';
import { type Api, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';
import { mailsTo } from '../support/mails.js';
import {
  accountOf,
  AUTH,
  changeTo,
  fifty,
  linkTo,
  login,
  NEW_PASSWORD,
  plant,
  revert,
  verified,
  verify,
  wait,
} from './links.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

let addresses = 0;
const newAddress = () => `address${++addresses}@example.org`;
const confirmLink = (email: string) => linkTo(api, email, 'confirm_email_change');
const revertLink = (email: string) => linkTo(api, email, 'email_changed');

/** Changes the verified address of a user. */
async function change(user: User, email = newAddress(), password = PASSWORD): Promise<string> {
  await changeTo(user, email, password).expect(202);
  await verify(user, await confirmLink(email)).expect(204);
  return email;
}

/** Signs in, and answers with somebody who has signed in by that password. */
async function signedIn({ id, username, email }: User, password: string): Promise<User> {
  const { body } = await login(api, username, password).expect(200);
  const token = body.access_token as string;
  return { id, username, email, token, agent: request.agent(api.program.url).auth(token, { type: 'bearer' }) };
}

test('an address changes when the new one is confirmed, and not before', async () => {
  const user = await verified(api);
  const email = newAddress();
  await changeTo(user, email).expect(202);
  expect(await accountOf(user)).toMatchObject({ email: user.email, email_verified_at: expect.any(String) });
  await verify(user, await confirmLink(email)).expect(204);
  expect(await accountOf(user)).toMatchObject({ email, email_verified_at: expect.any(String) });
  await login(api, email, PASSWORD).expect(200);
});

test.each([
  ['a wrong password', { current_password: 'Wr0ng-of-tests' }, 403, 'wrong_password'],
  ['no password', { current_password: undefined }, 422, 'validation_failed'],
  ['what is no address', { new_email: 'nobody' }, 422, 'validation_failed'],
  ['two addresses', { new_email: 'a@example.com, b@example.com' }, 422, 'validation_failed'],
  ['an address with a header', { new_email: 'a@example.com\r\nBcc: b@example.com' }, 422, 'validation_failed'],
  ['a name before it', { new_email: 'A <a@example.com>' }, 422, 'validation_failed'],
  ['an unknown field', { more: 1 }, 422, 'validation_failed'],
])('with %s, nothing is sent', async (_, fields, status, code) => {
  const { agent } = await verified(api);
  const sent = { new_email: newAddress(), current_password: PASSWORD, ...fields };
  const [before] = await api.database.query('SELECT count(*) FROM mail');
  await refused(agent.post(`${AUTH}/email/change`).send(sent), status, code);
  expect(await api.database.query('SELECT count(*) FROM mail')).toEqual([before]);
});

test('the address that one has is none to change to', async () => {
  const user = await verified(api);
  await refused(changeTo(user, user.email.toUpperCase()), 422, 'validation_failed');
});

test.each([
  ['was forged', () => Promise.resolve('y'.repeat(43))],
  ['has expired', (user: User, token: string) => wait(api, user, '61 minutes').then(() => token)],
  [
    'is older than another one',
    (user: User, token: string) =>
      changeTo(user, newAddress())
        .expect(202)
        .then(() => token),
  ],
  [
    'is older than the password',
    (user: User, token: string) =>
      user.agent
        .post(`${AUTH}/password`)
        .send({ current_password: PASSWORD, new_password: NEW_PASSWORD })
        .expect(204)
        .then(() => token),
  ],
  ['is of another user', async () => plant(api, (await api.signUp()).id, 'change', newAddress())],
])('a token that %s changes nothing', async (_, bad) => {
  const user = await verified(api);
  const email = newAddress();
  await changeTo(user, email).expect(202);
  await refused(verify(user, await bad(user, await confirmLink(email))), 403, 'invalid_link');
  expect(await accountOf(user)).toMatchObject({ email: user.email, email_verified_at: expect.any(String) });
});

test('the owner of a verified address can’t replace it without confirming the new one, but an unverified one', async () => {
  const [ada, grace] = [await verified(api), await api.signUp()];
  const patch = ({ agent, username }: User, email: string) =>
    agent.patch(`${PREFIX}/users/${username}`).send({ email, current_password: PASSWORD });
  await refused(patch(ada, newAddress()), 409, 'email_needs_confirmation');
  await patch(ada, ada.email).expect(200);
  await patch(grace, newAddress()).expect(200);
});

test('what one account has unverified goes to who proves it, and its holder has to choose another', async () => {
  const [squatter, owner] = [await api.signUp(), await verified(api)];
  const stale = await linkTo(api, squatter.email, 'verify_email');
  await change(owner, squatter.email);
  expect(await accountOf(owner)).toMatchObject({ email: squatter.email });
  expect(await accountOf(squatter)).toMatchObject({
    email: expect.stringMatching(/^[\da-f-]{36}@account\.invalid$/),
    email_verified_at: null,
  });
  await refused(verify(squatter, stale), 403, 'invalid_link');
  await refused(squatter.agent.get(`${AUTH}/sessions`), 403, 'new_email_required');
  await refused(squatter.agent.post(`${AUTH}/email/verification`), 403, 'new_email_required');
  const email = await change(squatter);
  expect(await accountOf(squatter)).toMatchObject({ email });
  await squatter.agent.get(`${AUTH}/sessions`).expect(200);
});

test('a verified address is nobody else’s: who asks for it is answered as ever, and its owner learns of it', async () => {
  const [owner, other] = [await verified(api), await verified(api)];
  const email = newAddress();
  const [free, taken] = [await changeTo(other, email), await changeTo(other, owner.email)];
  const seen = ({ status, text, headers }: typeof free) => ({ status, text, headers: Object.keys(headers) });
  expect(seen(taken)).toEqual(seen(free));
  const [, last] = await mailsTo(api, owner.email);
  expect(last).toMatchObject({ template: 'email_in_use', links: [] });
  expect(await accountOf(owner)).toMatchObject({ email: owner.email });
});

test('of two who prove one address, the first has it', async () => {
  const [ada, grace] = [await verified(api), await verified(api)];
  const email = newAddress();
  await changeTo(ada, email).expect(202);
  const first = await confirmLink(email);
  await changeTo(grace, email).expect(202);
  const second = await confirmLink(email);
  await verify(grace, second).expect(204);
  await refused(verify(ada, first), 409, 'email_taken');
  expect(await accountOf(ada)).toMatchObject({ email: ada.email });
});

test('three mails an hour go to one address, whoever asks', async () => {
  const email = newAddress();
  for (let asked = 0; asked < 3; asked++) await changeTo(await verified(api), email).expect(202);
  await refused(changeTo(await verified(api), email), 429, 'too_many_requests');
  expect(await mailsTo(api, email)).toHaveLength(3);
});

test('the address before takes the account back, with a new password, and everybody is signed out', async () => {
  const user = await verified(api);
  await change(user);
  const token = await revertLink(user.email);
  await revert(api, token).expect(204);
  await refused(user.agent.get(`${PREFIX}/users/me`), 401, 'not_signed_in');
  await refused(login(api, user.username, PASSWORD), 401, 'wrong_credentials');
  const back = await signedIn(user, NEW_PASSWORD);
  expect(await accountOf(back)).toMatchObject({ email: user.email, email_verified_at: expect.any(String) });
  await refused(revert(api, token), 403, 'invalid_link');
});

test('an address that was never verified takes nothing back', async () => {
  const user = await api.signUp();
  await change(user);
  expect((await mailsTo(api, user.email)).map(({ template }) => template)).toEqual(['verify_email']);
});

test('whatever a thief changes in the week after, the owner gets the account back', async () => {
  const user = await verified(api);
  const stolen = await change(user);
  const token = await revertLink(user.email);
  const body = { current_password: PASSWORD, new_password: 'Th1ef-of-tests' };
  await user.agent.post(`${AUTH}/password`).send(body).expect(204);
  const second = await change(user, newAddress(), 'Th1ef-of-tests');
  const thiefs = await revertLink(stolen);
  await changeTo(user, newAddress(), 'Th1ef-of-tests').expect(202);
  await wait(api, user, '6 days');
  await revert(api, token).expect(204);
  const back = await signedIn(user, NEW_PASSWORD);
  expect(await accountOf(back)).toMatchObject({ email: user.email });
  await refused(revert(api, thiefs, 'Th1ef-of-tests-2'), 403, 'invalid_link');
  expect(second).not.toBe(stolen);
});

test('if the thief is first to take it back, the owner does so after that', async () => {
  const user = await verified(api);
  const stolen = await change(user);
  await change(user);
  await revert(api, await revertLink(stolen), 'Th1ef-of-tests').expect(204);
  await revert(api, await revertLink(user.email)).expect(204);
  expect(await accountOf(await signedIn(user, NEW_PASSWORD))).toMatchObject({ email: user.email });
});

test.each([
  ['was forged', () => Promise.resolve('z'.repeat(43)), 403, 'invalid_link'],
  ['has expired', (user: User, token: string) => wait(api, user, '8 days').then(() => token), 403, 'invalid_link'],
  ['is for a new password', (user: User) => plant(api, user.id, 'reset'), 403, 'invalid_link'],
  [
    'is for an address that somebody else has proved',
    async (user: User, token: string) => {
      await change(await verified(api), user.email);
      return token;
    },
    409,
    'email_taken',
  ],
])('a token that %s takes nothing back', async (_, bad, status, code) => {
  const user = await verified(api);
  const email = await change(user);
  await refused(revert(api, await bad(user, await revertLink(user.email))), status, code);
  expect(await accountOf(user)).toMatchObject({ email });
});

test('of fifty uses at once, one takes the account back', async () => {
  const user = await verified(api);
  await change(user);
  const token = await revertLink(user.email);
  expect(await fifty(() => revert(api, token))).toEqual({ 204: 1, 403: 49 });
});
