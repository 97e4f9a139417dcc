import { type Api, NAME, PASSWORD, PREFIX, refused, useApi } from '../support/api.js';

const SHARED = 'x'.repeat(72);

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

function login(username: string, password: string) {
  return api.http.post(`${PREFIX}/auth/login`).send({ username, password });
}

test.each([
  ['the last of 128 characters', 'a'.repeat(127) + 'b', 'a'.repeat(127) + 'c'],
  ['byte 73, which bcrypt does not read,', `${SHARED}1`, `${SHARED}2`],
  ['whether anything follows 72 bytes', `${SHARED}!`, SHARED],
  ['the last of 128 letters of two bytes', 'é'.repeat(127) + 'à', 'é'.repeat(127) + 'ù'],
  ['the last of 128 letters of three bytes', '語'.repeat(127) + '本', '語'.repeat(127) + '木'],
  ['the last of 128 signs of four bytes', '🔑'.repeat(127) + '🔒', '🔑'.repeat(127) + '🔓'],
  ['the last of 64 emoji', '👍'.repeat(63) + '👎', '👍'.repeat(64)],
  ['an accent', 'Résumé-2024', 'Resume-2024'],
  ['case', 'Passphrase-of-tests', 'passphrase-of-tests'],
  ['a space at the end', 'Passphrase-of-tests ', 'Passphrase-of-tests'],
])('%s counts', async (_, password, wrong) => {
  const { username } = await api.signUp({ password });
  await login(username, password).expect(200);
  await refused(login(username, wrong), 401, 'wrong_credentials');
});

test.each([
  ['7 characters', 'a'.repeat(7)],
  ['7 signs of two UTF-16 units each', '🔑'.repeat(7)],
  ['129 characters', 'a'.repeat(129)],
  ['a NUL', 'password\0and-more'],
  ['a number', 1234567890],
])('%s are no password', async (_, password) => {
  const account = { name: NAME, username: 'nopassword', email: 'no@example.com', password };
  const { body } = await refused(api.http.post(`${PREFIX}/users`).send(account), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'password', message: expect.any(String) }]);
});

const PLACES: [path: string, body: (password: string) => object][] = [
  ['/users', (password) => ({ name: NAME, username: 'nopassword', email: 'no@example.com', password })],
  ['/auth/login', (password) => ({ username: 'nopassword', password })],
  ['/auth/password', (password) => ({ current_password: PASSWORD, new_password: password })],
  ['/auth/password', (password) => ({ current_password: password, new_password: 'Difference-Engine-1822' })],
];

test.each([
  ['that ends in a NUL and more', `${PASSWORD}\0and-more`, 422, 'validation_failed'],
  ['that begins with a NUL', `\0${PASSWORD}`, 422, 'validation_failed'],
  ['of 30 kB', 'a'.repeat(30_000), 422, 'validation_failed'],
  ['of 1 MB', 'a'.repeat(1024 * 1024), 413, 'body_too_large'],
])('a password %s is refused wherever one is sent', async (_, password, status, code) => {
  const { agent } = await api.signUp();
  for (const [path, body] of PLACES) {
    await refused(agent.post(PREFIX + path).send(body(password)), status, code);
  }
});

const register = (username: string, password: string) =>
  api.http.post(`${PREFIX}/users`).send({ name: NAME, username, email: `${username}@example.com`, password });

test.each(['password', 'Password', '12345678', 'qwertyuiop', 'iloveyou'])(
  'the common password %s is refused',
  async (password) => {
    const { body } = await register('common', password).expect(422);
    expect(body.errors).toEqual([{ field: 'password', message: 'password is one of the most common passwords' }]);
  },
);

test.each(['grace-1906-x', 'x-GRACE-1906', 'my grace@example.com!'])(
  '%s contains the name of its owner',
  async (password) => {
    const { body } = await register('grace', password).expect(422);
    expect(body.errors).toEqual([
      { field: 'password', message: 'password must not contain the user name or the e-mail address' },
    ]);
  },
);

test.each(['aaaaaaab', 'correct horse battery staple', '👍👍👍👍👍👍👍👍'])(
  '%s needs no other kinds of characters',
  async (password) => {
    const user = await api.signUp({ password });
    expect(user.token).toEqual(expect.any(String));
  },
);
