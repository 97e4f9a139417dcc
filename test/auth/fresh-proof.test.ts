/** What only a session may do in which its owner has proved lately that it is they. */
import { type Api, PASSWORD, PREFIX, useApi, type User } from '../support/api.js';
import { expectProblem, type Received, send, type Sent } from '../support/raw.js';
import { ROUTES } from '../support/routes.js';
import { newScene } from '../support/scenes.js';
import { refresh, signIn, tokensOf } from '../support/sessions.js';

const ADMIN = `${PREFIX}/admin/users`;
const WRONG = 'Wrong-password';

let api: Api;
let root: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
// Other suites of the shared API go on with these sessions.
afterEach(() => age(root, 0));
afterAll(() => api.stop());

/** Lets the last proof in every session of a user be that old. */
async function age({ id }: User, seconds: number): Promise<void> {
  const set = `UPDATE auth_session SET proved_at = now() - $2 * interval '1 second' WHERE user_id = $1`;
  await api.database.query(set, [id, seconds]);
}

const ask = (sent: Partial<Sent>) => send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/proof`, ...sent });
const prove = ({ token }: Pick<User, 'token'>, password: string, more: Partial<Sent> = {}) =>
  ask({ token, body: { password }, ...more });

/** Something that needs a fresh proof: a superuser changes an account. */
async function change(token = root.token): Promise<Received> {
  const { username } = await api.signUp();
  return ask({ method: 'PATCH', path: `${ADMIN}/${username}`, token, body: { name: 'Changed' } });
}

const BY_SESSION = ROUTES.filter(({ operation }) => operation['x-fresh-proof'] === 'session');
const BY_PASSWORD = ROUTES.filter(({ operation }) => operation['x-fresh-proof'] === 'password');

test.each(BY_SESSION.map((route) => [route.name, route] as const))('%s needs a fresh proof', async (_, route) => {
  const scene = await newScene(api, root);
  const sent = await scene.ready(route);
  const owner = route.as === 'superuser' ? root : scene.user;
  await age(owner, 601);
  expectProblem(await ask(sent), 403, 'fresh_proof_required');
  await age(owner, 0);
  expect((await ask(sent)).status).toBe(route.status);
});

test.each(BY_PASSWORD.map((route) => [route.name, route] as const))(
  '%s has its proof in the password that it takes',
  async (_, route) => {
    const scene = await newScene(api, root);
    const sent = await scene.ready(route);
    await age(scene.user, 601);
    const wrong = { ...(sent.body as object), current_password: WRONG };
    expectProblem(await ask({ ...sent, body: wrong }), 403, 'wrong_password');
    expect((await ask(sent)).status).toBe(route.status);
  },
);

test('what gives power over accounts, and keys, is among them', () => {
  expect(BY_SESSION.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'PATCH /admin/users/{username}',
      'DELETE /admin/users/{username}',
      'POST /admin/users/{username}/restore',
    ]),
  );
  expect(BY_PASSWORD.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /auth/password', 'PATCH /users/{username}', 'DELETE /users/{username}']),
  );
});

test.each([
  [0, 200],
  [595, 200],
  [605, 403],
])('a proof of %i seconds ago: %i', async (seconds, status) => {
  await age(root, seconds);
  expect((await change()).status).toBe(status);
});

test('a proof is of one session, and a refresh is none', async () => {
  const password = api.env.ADMIN_PASSWORD!;
  const login = { method: 'POST', path: `${PREFIX}/auth/login`, body: { username: root.username, password } };
  const other = tokensOf(await send(api.program.url, login));
  await age(root, 601);
  expect((await prove({ token: other.access_token }, password)).status).toBe(204);
  expectProblem(await change(), 403, 'fresh_proof_required');
  expect((await change(other.access_token)).status).toBe(200);
  await age(root, 601);
  const next = tokensOf(await refresh(api.program.url, other.refresh_token));
  expectProblem(await change(next.access_token), 403, 'fresh_proof_required');
});

test('a wrong password proves nothing', async () => {
  await age(root, 601);
  expectProblem(await prove(root, WRONG), 403, 'wrong_password');
  expectProblem(await change(), 403, 'fresh_proof_required');
});

test.each([
  ['no body', {}, 422],
  ['no password', { body: {} }, 422],
  ['a password that is no text', { body: { password: 1 } }, 422],
  ['nobody', { body: { password: PASSWORD }, token: undefined }, 401],
  ['a page of another origin', { body: { password: PASSWORD }, headers: { origin: 'https://evil.example' } }, 403],
])('%s is refused', async (_, more, status) => {
  const { token } = await api.signUp();
  expect((await ask({ token, ...more })).status).toBe(status);
});

test('from the fifth wrong one on the right one has to wait, in this session only', async () => {
  const user = await api.signUp();
  const other = await signIn(api.program.url, user.username);
  for (let n = 0; n < 5; n++) expectProblem(await prove(user, WRONG), 403, 'wrong_password');
  const refusal = await prove(user, PASSWORD);
  expectProblem(refusal, 429, 'too_many_requests');
  expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);
  expect((await prove({ token: other.access_token }, PASSWORD)).status).toBe(204);
});
