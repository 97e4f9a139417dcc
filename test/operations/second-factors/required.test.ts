/** Accounts that must have a second factor, and those of them in staging; and what is encrypted, when SECRET_KEY changes. */
import { type Api, PASSWORD, PREFIX, refused, startApi, type User } from '../../support/api.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import { knownAs, newSuperuser, PASS_COOKIE, visit } from '../../support/docs-visits.js';
import { start, until } from '../../support/program.js';
import { expectProblem, send } from '../../support/raw.js';
import { addApp, addPasskey, AUTH, challengeOf, codeOf, recoveryCodesOf } from '../../second-factors/factors.js';

const MISSING = 'second_factor_missing';

describe.each(['superusers', 'all'])('with REQUIRE_SECOND_FACTOR=%s', (whom) => {
  let api: Api;
  let root: User;
  let user: User;
  beforeAll(async () => {
    api = await startApi({ REQUIRE_SECOND_FACTOR: whom });
    root = await api.superuser();
    user = await api.signUp();
  });
  afterAll(() => api.stop());

  test('users are kept out only if all are', async () => {
    const answer = await user.agent.get(`${PREFIX}/tasks`);
    expect(answer.status).toBe(whom === 'all' ? 403 : 200);
  });

  test.each([
    ['GET', '/users/me', 200],
    ['GET', '/auth/second-factors', 200],
    ['GET', '/auth/recovery-codes', 200],
    ['POST', '/auth/passkeys/options', 200],
    ['POST', '/auth/proof/passkey/options', 200],
    ['GET', '/admin/users', 403],
    ['PATCH', '/admin/users/admin', 403],
    ['PATCH', '/users/admin', 403],
    ['GET', '/auth/sessions', 403],
    ['GET', '/tasks', 403],
  ])('a superuser without one may only %s %s: %i', async (method, path, status) => {
    const answer = await send(api.program.url, {
      method,
      path: PREFIX + path,
      token: root.token,
      body: method === 'PATCH' ? {} : undefined,
    });
    expect(answer.status).toBe(status);
    if (status === 403) expectProblem(answer, 403, MISSING);
  });

  test('the document tells of it', async () => {
    const { text } = await send(api.program.url, { path: '/openapi.json' });
    const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
    expect(JSON.stringify(paths[`${PREFIX}/tasks`]!.get)).toContain(MISSING);
    expect(JSON.stringify(paths[`${PREFIX}/auth/totp`]!.post)).not.toContain(MISSING);
  });

  test('a factor opens everything with the next request, and its removal closes it again', async () => {
    const other = await startOther(api, root);
    const open = () => other.agent.get(`${PREFIX}/admin/users`);
    await refused(open(), 403, MISSING);
    const { id } = await addApp(other);
    await open().expect(200);
    await other.agent.delete(`${AUTH}/second-factors/${id}`).expect(204);
    await refused(open(), 403, MISSING);
  });
});

/** Another superuser, whom the first one may not make without a factor. */
async function startOther(api: Api, root: User): Promise<User> {
  const other = await api.signUp();
  await api.database.query('UPDATE "user" SET is_superuser = true WHERE id = $1', [other.id]);
  await api.database.query(`SELECT pg_notify('caller_changed', $1)`, [String(other.id)]);
  await until(async () => (await other.agent.get(`${PREFIX}/users/me`)).body.is_superuser === true);
  expect(root.id).not.toBe(other.id);
  return other;
}

describe('at the prompt of the docs', () => {
  let api: Api;
  let root: User;
  beforeAll(async () => {
    api = await startApi({ ENVIRONMENT: 'staging', ...DEPLOYED });
    root = await api.superuser();
  });
  afterAll(() => api.stop());

  const docs = (user: User, password: string) => visit(api, { authorization: knownAs(user.username, password) });

  test.each<[string, (user: User) => Promise<string>]>([
    ['a code', async (user) => codeOf((await addApp(user)).secret)],
    [
      'a recovery code',
      async (user) => {
        await addPasskey(user);
        return (await recoveryCodesOf(user))[0]!;
      },
    ],
  ])('a superuser with a second factor opens the docs by the password and %s, once', async (_, shown) => {
    const user = await newSuperuser(api, root);
    const code = await shown(user);
    for (const text of [PASSWORD, `${PASSWORD} `, `${PASSWORD} 000000`, `Wrong-1843 ${code}`]) {
      expectProblem(await docs(user, text), 401, 'wrong_credentials');
    }
    const { status, headers } = await docs(user, `${PASSWORD} ${code}`);
    expect(status).toBe(200);
    expect(headers['set-cookie']![0]).toMatch(PASS_COOKIE);
    expectProblem(await docs(user, `${PASSWORD} ${code}`), 401, 'wrong_credentials');
  });

  test('a password that ends like a code is a password without a second factor', async () => {
    const password = 'Analytical Engine 184343';
    const user = await newSuperuser(api, root, { password });
    expect((await docs(user, password)).status).toBe(200);
  });

  test('the cookie of a challenge is for HTTPS only', async () => {
    const user = await api.signUp();
    await addApp(user);
    const body = { username: user.username, password: PASSWORD };
    const answer = await send(api.program.url, { method: 'POST', path: `${AUTH}/login`, body });
    expect(challengeOf(answer).cookie).toMatch(/^__Secure-challenge=/);
    expect(answer.headers['set-cookie']![0]).toContain('; Secure;');
  });
});

test('secrets of apps outlive SECRET_KEY_PREVIOUS', async () => {
  const api = await startApi({});
  const user = await api.signUp();
  const { secret } = await addApp(user);
  const SECRET_KEY = 'another-0123456789abcdefghijklmnopqrstuvwxyz';
  const keys = () => api.database.query<{ sealing_key: string }>('SELECT sealing_key FROM second_factor');
  const [before] = await keys();
  const rotated = await start('main', { ...api.env, SECRET_KEY, SECRET_KEY_PREVIOUS: api.env.SECRET_KEY });
  await until(async () => (await keys())[0]!.sealing_key !== before!.sealing_key);
  await rotated.stop();
  const later = await start('main', { ...api.env, SECRET_KEY });
  const login = { username: user.username, password: PASSWORD };
  const begun = challengeOf(await send(later.url, { method: 'POST', path: `${AUTH}/login`, body: login }));
  const body = { challenge: begun.challenge.token, code: codeOf(secret) };
  const headers = { cookie: begun.cookie };
  const answer = await send(later.url, { method: 'POST', path: `${AUTH}/login/second-factor`, body, headers });
  expect(answer.status).toBe(200);
  await later.stop();
  await api.stop();
});
