import { type Api, leave, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';

const USERS = `${PREFIX}/users`;

let api: Api;
let gone: User;
beforeAll(async () => {
  api = await useApi();
  await api.signUp({ username: 'staying' });
});
beforeEach(async () => {
  gone = await api.signUp();
  await api.http.get(`${USERS}/${gone.username}`).expect(200);
  await leave(gone).expect(204);
});
afterAll(() => api.stop());

test('who leaves has no profile any more', async () => {
  await refused(api.http.get(`${USERS}/${gone.username}`), 404, 'user_not_found');
});

test.each(['users', 'users?items_per_page=100'])('who leaves is neither listed nor counted in %s', async (path) => {
  const { body } = await api.http.get(`${PREFIX}/${path}`).expect(200);
  expect(body.data.map(({ username }: { username: string }) => username)).toEqual(['staying']);
  expect(body).toMatchObject({ total_count: 1, has_more: false });
});

test('the token of who left is worth nothing from the next request on', async () => {
  await refused(gone.agent.get(`${USERS}/me`), 401, 'not_signed_in');
  await refused(gone.agent.patch(`${USERS}/${gone.username}`).send({ name: 'Ghost' }), 401, 'not_signed_in');
  await refused(leave(gone), 401, 'not_signed_in');
});

test.each(['username', 'email'] as const)('who left can’t sign in with their %s', async (field) => {
  const login = api.http.post(`${PREFIX}/auth/login`).send({ username: gone[field], password: PASSWORD });
  await refused(login, 401, 'wrong_credentials');
});

test('who left is still stored, marked as deleted', async () => {
  const rows = await api.database.query('SELECT is_deleted, deleted_at FROM "user" WHERE id = $1', [gone.id]);
  expect(rows).toEqual([{ is_deleted: true, deleted_at: expect.any(Date) }]);
});
