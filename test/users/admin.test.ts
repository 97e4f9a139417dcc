import { type Api, leave, NAME, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';

const ADMIN = `${PREFIX}/admin/users`;

let api: Api;
let root: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
afterAll(() => api.stop());

/** Every account of a list, however many pages it takes. */
async function listed(query: string): Promise<string[]> {
  const usernames: string[] = [];
  for (let page = 1, more = true; more; page++) {
    const { body } = await root.agent.get(`${ADMIN}?items_per_page=3&page=${page}${query}`).expect(200);
    usernames.push(...body.data.map(({ username }: { username: string }) => username));
    more = body.has_more;
    if (!more) expect(usernames).toHaveLength(body.total_count);
  }
  return usernames;
}

test('superusers see accounts in full', async () => {
  const user = await api.signUp();
  const { body } = await root.agent.get(`${ADMIN}/${user.username}`).expect(200);
  expect(body).toEqual({
    id: user.id,
    name: NAME,
    username: user.username,
    email: user.email,
    email_verified_at: null,
    profile_image_url: 'https://www.profileimageurl.com',
    is_superuser: false,
    created_at: expect.any(String),
    updated_at: expect.any(String),
    is_deleted: false,
    deleted_at: null,
  });
  const list = await root.agent.get(`${ADMIN}?items_per_page=1`).expect(200);
  expect(list.body.data).toEqual([body]);
});

test.each([
  ['another address ends', { email: 'another@example.org' }, null],
  ['the same address changes nothing', { name: 'Another Name' }, expect.any(String)],
])('of what the owner has proved of the address, %s', async (_, changes, email_verified_at) => {
  const user = await api.signUp();
  await api.database.query('UPDATE "user" SET email_verified_at = now() WHERE id = $1', [user.id]);
  const sent = { email: user.email, ...changes };
  const { body } = await root.agent.patch(`${ADMIN}/${user.username}`).send(sent).expect(200);
  expect(body).toMatchObject({ ...changes, email_verified_at });
});

test('superusers see deleted accounts, too', async () => {
  const gone = await api.signUp();
  await leave(gone).expect(204);
  const { body } = await root.agent.get(`${ADMIN}/${gone.username}`).expect(200);
  expect(body).toMatchObject({ id: gone.id, is_deleted: true, deleted_at: expect.stringMatching(/Z$/) });
});

test.each([
  ['', true, true],
  ['&is_deleted=true', false, true],
  ['&is_deleted=false', true, false],
])('the list of accounts%s has those that it should', async (query, hasLiving, hasDeleted) => {
  const [living, gone] = [await api.signUp(), await api.signUp()];
  await leave(gone).expect(204);
  const usernames = await listed(query);
  expect({
    hasLiving: usernames.includes(living.username),
    hasRoot: usernames.includes('admin'),
    hasDeleted: usernames.includes(gone.username),
  }).toEqual({ hasLiving, hasRoot: hasLiving, hasDeleted });
});

test.each(['yes', '', '1', 'null', 'constructor'])('is_deleted=%s is neither true nor false', async (is_deleted) => {
  const { body } = await refused(root.agent.get(ADMIN).query({ is_deleted }), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'is_deleted', message: expect.any(String) }]);
});

test('superusers change just what they send, and the time of the change is kept', async () => {
  const user = await api.signUp();
  await api.database.query(`UPDATE "user" SET updated_at = '2020-01-01Z' WHERE id = $1`, [user.id]);
  const before = (await root.agent.get(`${ADMIN}/${user.username}`).expect(200)).body;
  const { body } = await root.agent.patch(`${ADMIN}/${user.username}`).send({ name: 'Moderated' }).expect(200);
  expect(body).toEqual({ ...before, name: 'Moderated', updated_at: expect.not.stringContaining('2020-01-01') });
});

test('superusers can’t give one user the name of another', async () => {
  const [user, other] = [await api.signUp(), await api.signUp()];
  const sent = root.agent.patch(`${ADMIN}/${user.username}`).send({ username: other.username });
  await refused(sent, 409, 'username_taken');
});

test.each([
  ['get', ''],
  ['patch', ''],
  ['delete', ''],
  ['post', '/restore'],
] as const)('%s %s finds no account that is not there', async (method, path) => {
  await refused(root.agent[method](`${ADMIN}/nobody${path}`).send({ name: 'Nobody' }), 404, 'user_not_found');
});

test('an account deleted for good is gone, and its name and address are free', async () => {
  const user = await api.signUp();
  await root.agent.delete(`${ADMIN}/${user.username}`).expect(204);

  expect(await api.database.query('SELECT id FROM "user" WHERE id = $1', [user.id])).toEqual([]);
  await refused(user.agent.get(`${PREFIX}/users/me`), 401, 'not_signed_in');
  const heir = await api.signUp({ username: user.username, email: user.email });
  expect(heir.id).not.toBe(user.id);
});

test('an account that is soft-deleted already can be deleted for good', async () => {
  const gone = await api.signUp();
  await leave(gone).expect(204);
  await root.agent.delete(`${ADMIN}/${gone.username}`).expect(204);
  await refused(root.agent.get(`${ADMIN}/${gone.username}`), 404, 'user_not_found');
});

test('a restored user is back, and has to sign in again', async () => {
  const user = await api.signUp();
  await leave(user).expect(204);

  const { body } = await root.agent.post(`${ADMIN}/${user.username}/restore`).expect(200);

  expect(body).toMatchObject({ id: user.id, is_deleted: false, deleted_at: null });
  await api.http.get(`${PREFIX}/users/${user.username}`).expect(200);
  await refused(user.agent.get(`${PREFIX}/users/me`), 401, 'not_signed_in');
  const login = { username: user.username, password: PASSWORD };
  await api.http.post(`${PREFIX}/auth/login`).send(login).expect(200);
});
