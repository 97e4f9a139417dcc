import { type Api, NAME, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';

const USERS = `${PREFIX}/users`;

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

async function accountOf(user: User) {
  return (await user.agent.get(`${USERS}/me`).expect(200)).body;
}

test.each([
  [{ name: 'Another Name' }],
  [{ username: 'othername' }],
  [{ email: 'other@example.org' }],
  [{ profile_image_url: 'http://localhost:9000/face.png' }],
  [{ name: 'Both Changed', email: 'both@example.org' }],
  [{}],
])('of an account, %j changes and all else stays', async (changes) => {
  const user = await api.signUp();
  const before = await accountOf(user);
  const { body } = await user.agent
    .patch(`${USERS}/${user.username}`)
    .send({ ...changes, current_password: PASSWORD })
    .expect(200);
  expect(body).toEqual({ ...before, ...changes });
  expect(await accountOf(user)).toEqual(body);
});

test('an address is lower-cased when it changes, too', async () => {
  const user = await api.signUp();
  const changes = { email: 'New@Example.ORG', current_password: PASSWORD };
  const { body } = await user.agent.patch(`${USERS}/${user.username}`).send(changes).expect(200);
  expect(body.email).toBe('new@example.org');
});

test('one may send what one has already', async () => {
  const user = await api.signUp();
  const { username, email } = user;
  await user.agent.patch(`${USERS}/${username}`).send({ username, email }).expect(200);
});

test.each(['username', 'email'] as const)('the %s of someone else is taken', async (field) => {
  const [user, other] = [await api.signUp(), await api.signUp()];
  const changes = { name: 'Changed', [field]: other[field], current_password: PASSWORD };
  const sent = user.agent.patch(`${USERS}/${user.username}`).send(changes);
  await refused(sent, 409, `${field}_taken`);
  expect(await accountOf(user)).toMatchObject({ name: NAME, username: user.username, email: user.email });
});

test.each([
  ['a reserved name', { username: 'me' }, 'username'],
  ['another reserved name', { username: 'admin' }, 'username'],
  ['upper case', { username: 'Ada' }, 'username'],
  ['no name', { name: null }, 'name'],
  ['no address', { email: null }, 'email'],
  ['no image', { profile_image_url: null }, 'profile_image_url'],
  ['what only superusers give', { is_superuser: true }, 'is_superuser'],
  ['a password', { password: 'Another-password' }, 'password'],
])('an account does not change to %s', async (_, changes, field) => {
  const user = await api.signUp();
  const sent = user.agent.patch(`${USERS}/${user.username}`).send({ ...changes });
  const { body } = await refused(sent, 422, 'validation_failed');
  expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
  expect(await accountOf(user)).toMatchObject({ username: user.username, email: user.email, is_superuser: false });
});

describe.each(['patch', 'delete'] as const)('%s of an account', (method) => {
  test('is for its owner', async () => {
    const [user, other] = [await api.signUp(), await api.signUp()];
    await refused(
      user.agent[method](`${USERS}/${other.username}`).send({ name: 'Taken over' }),
      403,
      'not_your_account',
    );
    expect(await accountOf(other)).toMatchObject({ name: NAME });
  });

  test('is for those who are signed in', async () => {
    const { username } = await api.signUp();
    await refused(api.http[method](`${USERS}/${username}`).send({ name: 'Nobody' }), 401, 'not_signed_in');
  });

  test('finds no account that is not there', async () => {
    const user = await api.signUp();
    await refused(user.agent[method](`${USERS}/nobody`).send({ name: 'Nobody' }), 404, 'user_not_found');
  });
});

test('a renamed user keeps the session', async () => {
  const user = await api.signUp({ username: 'renamed' });
  await user.agent.patch(`${USERS}/renamed`).send({ username: 'countess' }).expect(200);
  expect(await accountOf(user)).toMatchObject({ id: user.id, username: 'countess' });
  await user.agent.patch(`${USERS}/countess`).send({ name: 'Still me' }).expect(200);
});

test('who takes over a name that was given up gets nothing else of it', async () => {
  const former = await api.signUp({ username: 'givenup' });
  await former.agent.patch(`${USERS}/givenup`).send({ username: 'former' }).expect(200);
  await refused(api.http.get(`${USERS}/givenup`), 404, 'user_not_found');
  await api.signUp({ username: 'givenup', email: 'heir@example.com' });
  await refused(former.agent.patch(`${USERS}/givenup`).send({ name: 'Mine again' }), 403, 'not_your_account');
});
