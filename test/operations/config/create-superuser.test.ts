import request from 'supertest';
import { PREFIX } from '../../support/api.js';
import {
  createDatabase,
  type Environment,
  environment,
  finish,
  start,
  type TestDatabase,
} from '../../support/program.js';

const PASSWORD = 'Canary-of-admins';
const HASH = /\$2[aby]\$\d\d\$/;

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

/** Creates the superuser; the password must not show, whatever comes of it. */
async function create(overrides: Environment = {}): Promise<{ code: number | null; output: string }> {
  const settings = { ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'trace', ...overrides };
  const { code, output } = await finish('create-superuser', environment(database.url, settings));
  expect(output.split('\n').filter((line) => line.includes(PASSWORD) || HASH.test(line))).toEqual([]);
  return { code, output: output.replace(/^\{.*\n/gm, '') };
}

const users = () => database.query('SELECT * FROM "user" ORDER BY id');
const insert = (username: string, email: string) =>
  database.query(`INSERT INTO "user" (name, username, email, hashed_password) VALUES ('Some', $1, $2, '')`, [
    username,
    email,
  ]);

test('the superuser is created once, and may do what superusers may', async () => {
  const settings = { ADMIN_EMAIL: 'Boss@Example.com' };
  expect(await create(settings)).toEqual({ code: 0, output: 'The superuser admin was created\n' });
  const before = await users();
  expect(before).toEqual([
    expect.objectContaining({
      username: 'admin',
      email: 'boss@example.com',
      is_superuser: true,
      hashed_password: expect.stringMatching(HASH),
    }),
  ]);
  expect(await create({ ...settings, ADMIN_PASSWORD: 'An0ther-passw0rd' })).toEqual({
    code: 0,
    output: 'The superuser admin already exists\n',
  });
  expect(await users()).toEqual(before);
  const api = await start('main', environment(database.url));
  const login = { username: 'admin', password: PASSWORD };
  const { body } = await request(api.url).post(`${PREFIX}/auth/login`).send(login).expect(200);
  await request(api.url).get(`${PREFIX}/admin/users`).auth(body.access_token, { type: 'bearer' }).expect(200);
  await api.stop();
});

test('two at once make one superuser', async () => {
  const results = await Promise.all([create(), create()]);
  expect(results.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual([0, 0]);
  expect(await users()).toHaveLength(1);
});

test.each([
  ['user name', 'ADMIN_USERNAME', ['boss', 'someone@example.com']],
  ['e-mail address', 'ADMIN_EMAIL', ['someone', 'boss@example.com']],
] as const)('a %s that belongs to someone else is one clear line', async (_, variable, [username, email]) => {
  await insert(username, email);
  const before = await users();
  const { code, output } = await create({ ADMIN_USERNAME: 'boss', ADMIN_EMAIL: 'boss@example.com' });
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`^${variable}: .*boss.*\n$`));
  expect(await users()).toEqual(before);
});

const DELETED = `UPDATE "user" SET is_deleted = true, deleted_at = now() WHERE username = 'admin'`;

test('a superuser that was deleted comes back with the password of the settings, and with no other', async () => {
  const FORMER = 'Former-canary-1843';
  expect((await create({ ADMIN_PASSWORD: FORMER })).code).toBe(0);
  await database.query(
    `INSERT INTO auth_session (user_id, family_hash, token_hash, user_agent, ip, last_used_at, idle_expires_at, expires_at)
     SELECT id, 'family', 'token', '', '', now(), now() + interval '1 day', now() + interval '1 day' FROM "user"`,
  );
  await database.query(DELETED);
  const missing = await create({ ADMIN_PASSWORD: undefined });
  expect([missing.code, (await users())[0]]).toEqual([1, expect.objectContaining({ is_deleted: true })]);
  expect(await create()).toEqual({ code: 0, output: 'The superuser admin was restored\n' });
  expect(await database.query('SELECT FROM auth_session')).toEqual([]);
  const api = await start('main', environment(database.url));
  const login = (password: string) =>
    request(api.url).post(`${PREFIX}/auth/login`).send({ username: 'admin', password });
  await login(FORMER).expect(401);
  await login(PASSWORD).expect(200);
  await api.stop();
});

test.each([
  ['an ordinary one', 'false', 'false'],
  ['an ordinary one that was deleted', 'false', 'true'],
])(
  'an account with name and address of the superuser that is %s is left alone',
  async (_, is_superuser, is_deleted) => {
    await insert('boss', 'boss@example.com');
    await database.query(`UPDATE "user" SET is_superuser = ${is_superuser}, is_deleted = ${is_deleted}`);
    const before = await users();
    const { code, output } = await create({ ADMIN_USERNAME: 'boss', ADMIN_EMAIL: 'boss@example.com' });
    expect(code).toBe(1);
    expect(output).toMatch(/^ADMIN_(USERNAME|EMAIL): boss\S* belongs to another account.* promote\b.*\n$/);
    expect(await users()).toEqual(before);
  },
);

test('a missing password is told in one line', async () => {
  const { code, output } = await create({ ADMIN_PASSWORD: undefined });
  expect(code).toBe(1);
  expect(output).toMatch(/^ADMIN_PASSWORD: \S.{5,}\n$/);
  expect(await users()).toEqual([]);
});

test('a statement that fails does not show the password or its hash', async () => {
  await database.query('ALTER TABLE "user" RENAME COLUMN name TO renamed');
  expect((await create()).code).toBe(1);
});

test('an account can be promoted and demoted, but the last superuser stays one', async () => {
  const act = (...args: string[]) => finish('create-superuser', environment(database.url), args);
  await insert('ada', 'ada@example.com');
  await insert('bob', 'bob@example.com');
  const promoted = await act('promote', 'ada');
  expect(promoted).toEqual({ code: 0, output: expect.stringContaining('ada is now a superuser\n') });
  const trail = JSON.parse(promoted.output.split('\n').find((line) => line.includes('"audit"'))!) as object;
  expect(trail).toMatchObject({ audit: 'admin_act', route: 'create-superuser promote', is_done: true });
  expect(await act('demote', 'ada')).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^This is the last superuser/),
  });
  await database.query(`UPDATE "user" SET is_superuser = true WHERE username = 'bob'`);
  expect(await act('demote', 'ada')).toEqual({
    code: 0,
    output: expect.stringContaining('ada is no longer a superuser\n'),
  });
  expect(await act('demote', 'nobody')).toEqual({ code: 1, output: 'There is no user with this user name.\n' });
  expect(await act('exalt', 'ada')).toMatchObject({ code: 1, output: expect.stringMatching(/^Usage: /) });
  expect(await database.query('SELECT username FROM "user" WHERE is_superuser')).toEqual([{ username: 'bob' }]);
});
