import type { Test } from 'supertest';
import { type Api, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';

const LOGIN = `${PREFIX}/auth/login`;

let api: Api;
let ada: User;
beforeAll(async () => {
  api = await useApi();
  ada = await api.signUp({ username: 'ada', email: 'Ada.Lovelace@Example.com' });
});
afterAll(() => api.stop());

describe.each(['json', 'form'])('signing in with %s', (type) => {
  test.each(['ada', 'ada.lovelace@example.com', 'ADA.Lovelace@EXAMPLE.com'])('as %s', async (username) => {
    const { body } = await api.http.post(LOGIN).type(type).send({ username, password: PASSWORD }).expect(200);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 1800 });
    const me = await api.http.get(`${PREFIX}/users/me`).auth(body.access_token, { type: 'bearer' }).expect(200);
    expect(me.body.id).toBe(ada.id);
  });

  test.each([
    ['without a password', { username: 'ada' }, 'password'],
    ['without a name', { password: PASSWORD }, 'username'],
    ['with a field that is not known', { username: 'ada', password: PASSWORD, remember: 'yes' }, 'remember'],
  ])('%s is not possible', async (_, fields, field) => {
    const { body } = await refused(api.http.post(LOGIN).type(type).send(fields), 422, 'validation_failed');
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
  });
});

test('the password form of OAuth 2 signs in', async () => {
  const form = {
    grant_type: 'password',
    username: 'ada',
    password: PASSWORD,
    scope: '',
    client_id: '',
    client_secret: '',
  };
  await api.http.post(LOGIN).type('form').send(form).expect(200);
});

test('a form keeps the signs of a password', async () => {
  const password = 'a+b &c=d%41 é';
  const { username } = await api.signUp({ password });
  await api.http.post(LOGIN).type('form').send({ username, password }).expect(200);
});

describe('an account without a password', () => {
  const NEW = 'Difference-Engine-1822';
  let user: User;
  beforeAll(async () => {
    user = await api.signUp();
    await api.database.query('UPDATE "user" SET hashed_password = NULL WHERE id = $1', [user.id]);
  });

  test.each([PASSWORD, 'null', '.'.repeat(60)])('is not signed in to with %j', (password) =>
    refused(api.http.post(LOGIN).send({ username: user.username, password }), 401, 'wrong_credentials'),
  );

  test('keeps its session, but no password is its current one', async () => {
    const current_password = PASSWORD;
    const path = `${PREFIX}/users/${user.username}`;
    const change = { current_password, new_password: NEW };
    await refused(user.agent.post(`${PREFIX}/auth/password`).send(change), 403, 'wrong_password');
    await refused(user.agent.patch(path).send({ email: 'a@example.com', current_password }), 403, 'wrong_password');
    await refused(user.agent.delete(path).send({ current_password }), 403, 'wrong_password');
    await user.agent.get(`${PREFIX}/users/me`).expect(200);
  });

  const changes = () => {
    const path = `${PREFIX}/users/${user.username}`;
    return [
      () => user.agent.patch(path).send({ email: `${user.username}@example.org` }),
      () => user.agent.post(`${PREFIX}/auth/password`).send({ new_password: NEW }),
      () => user.agent.delete(path).send({}),
    ];
  };

  test('takes a fresh proof in place of its password, and then has one', async () => {
    const [changeEmail, setPassword, erase] = changes() as [() => Test, () => Test, () => Test];
    await api.database.query(`UPDATE auth_session SET proved_at = now() - interval '11 minutes'`);
    for (const change of changes()) await refused(change(), 403, 'fresh_proof_required');
    await api.database.query('UPDATE auth_session SET proved_at = now()');
    await changeEmail().expect(200);
    await setPassword().expect(204);
    for (const change of [setPassword, erase]) {
      const { body } = await refused(change(), 422, 'validation_failed');
      expect(body.errors).toEqual([{ field: 'current_password', message: 'current_password is needed' }]);
    }
    await api.http.post(LOGIN).send({ username: user.username, password: NEW }).expect(200);
  });

  test('is deleted with a fresh proof', async () => {
    const { id, agent, username } = await api.signUp();
    await api.database.query('UPDATE "user" SET hashed_password = NULL WHERE id = $1', [id]);
    await agent.delete(`${PREFIX}/users/${username}`).send({}).expect(204);
  });
});

test('a token is never stored by caches', async () => {
  const { headers } = await api.http.post(LOGIN).send({ username: 'ada', password: PASSWORD }).expect(200);
  expect(headers['cache-control']).toBe('no-store');
});
