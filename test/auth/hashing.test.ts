import { type Api, NAME, PASSWORD, PREFIX, startApi } from '../support/api.js';
import { start } from '../support/program.js';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const register = (username: string, password: string) =>
  api.http.post(`${PREFIX}/users`).send({ name: NAME, username, email: `${username}@example.com`, password });

test.each(['password', 'Password', '12345678', 'qwertyuiop', 'iloveyou'])(
  'the common password %s is refused',
  async (password) => {
    const { body } = await register('common', password).expect(422);
    expect(body.errors).toEqual([{ field: 'password', message: 'password is one of the most common ones' }]);
  },
);

test.each(['grace-1906-x', 'x-GRACE-1906', 'my grace@example.com!'])(
  '%s contains the name of its owner',
  async (password) => {
    const { body } = await register('grace', password).expect(422);
    expect(body.errors).toEqual([
      { field: 'password', message: 'password must not contain the user name or the e-mail' },
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

test('signing in renews a hash of another cost, and the password stays the same', async () => {
  const user = await api.signUp();
  const hash = async () => {
    const rows = await api.database.query<{ hashed_password: string }>(
      'SELECT hashed_password FROM "user" WHERE id = $1',
      [user.id],
    );
    return rows[0]!.hashed_password;
  };
  const login = (url: string) =>
    fetch(`${url}${PREFIX}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: user.username, password: PASSWORD }),
    });
  expect(await hash()).toMatch(/^\$2b\$04\$/);
  const costlier = await start('main', { ...api.env, BCRYPT_COST: '5' });
  expect((await login(costlier.url)).status).toBe(200);
  expect(await hash()).toMatch(/^\$2b\$05\$/);
  expect((await login(costlier.url)).status).toBe(200);
  await costlier.stop();
});

test('a storm of sign-ins keeps nobody else waiting: some are served, the rest is told to come again', async () => {
  const slow = await start('main', { ...api.env, BCRYPT_COST: '12' });
  const login = () =>
    fetch(`${slow.url}${PREFIX}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'nobody', password: 'wrong-password' }),
    });
  const storm = Promise.all(Array.from({ length: 100 }, login));
  let reads = 0;
  const state = { isOver: false };
  void storm.finally(() => (state.isOver = true));
  while (!state.isOver) {
    expect((await fetch(`${slow.url}${PREFIX}/posts`)).status).toBe(200);
    reads++;
  }
  const answers = await storm;
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].toSorted()).toEqual([401, 503]);
  for (const answer of answers.filter(({ status }) => status === 503)) {
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  }
  // Had reads queued up behind the hashes, there would have been a handful.
  expect(reads).toBeGreaterThan(50);
  await slow.stop();
}, 60_000);
