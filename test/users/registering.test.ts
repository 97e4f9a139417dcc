import { type Api, leave, NAME, PASSWORD, PREFIX, refused, useApi } from '../support/api.js';

const USERS = `${PREFIX}/users`;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

function account(username: string, fields: object = {}) {
  return { name: NAME, username, email: `${username}@example.com`, password: PASSWORD, ...fields };
}

test('a new account is answered without its password, with a lower-cased address and the default image', async () => {
  const given = account('ada', { name: 'Ada Lovelace', email: 'Ada@Example.COM' });
  const { body } = await api.http.post(USERS).send(given).expect(201);
  expect(body).toEqual({
    id: expect.any(Number),
    name: 'Ada Lovelace',
    username: 'ada',
    email: 'ada@example.com',
    email_verified_at: null,
    profile_image_url: 'https://www.profileimageurl.com',
    is_superuser: false,
    created_at: expect.stringMatching(INSTANT),
  });
});

test('an image of one’s own takes the place of the default', async () => {
  const profile_image_url = 'https://example.com/grace.png';
  const { body } = await api.http.post(USERS).send(account('grace', { profile_image_url })).expect(201);
  expect(body.profile_image_url).toBe(profile_image_url);
});

test('only a hash of the password is stored', async () => {
  const { username } = await api.signUp({ password: 'Analytical-Engine' });
  const [row] = await api.database.query('SELECT * FROM "user" WHERE username = $1', [username]);
  expect(JSON.stringify(row)).not.toContain('Analytical-Engine');
});

test.each([
  ['a user name', { email: 'other@example.com' }, 'username_taken'],
  ['an e-mail address', { username: 'other' }, 'email_taken'],
  ['an e-mail address in another case', { username: 'other', email: 'LIVING@example.com' }, 'email_taken'],
])('%s belongs to one account only', async (_, fields, code) => {
  await api.http.post(USERS).send(account('living'));
  await refused(api.http.post(USERS).send(account('living', fields)), 409, code);
});

test.each([
  ['a user name', { email: 'another@example.com' }, 'username_taken'],
  ['an e-mail address', { username: 'another' }, 'email_taken'],
])('%s stays taken while its account is soft-deleted', async (_, fields, code) => {
  const gone = await api.signUp();
  await leave(gone).expect(204);
  await refused(api.http.post(USERS).send(account(gone.username, fields)), 409, code);
});

test.each(['me', 'admin'])('nobody can register as %s', async (username) => {
  const { body } = await refused(api.http.post(USERS).send(account(username)), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'username', message: expect.any(String) }]);
});

test.each(['is_superuser', 'is_deleted', 'id', 'hashed_password'])('nobody can choose their own %s', async (field) => {
  const given = account('chooser', { [field]: true });
  const { body } = await refused(api.http.post(USERS).send(given), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
});

test('of a hundred who want the same user name at once, one gets it and the others are told that it is taken', async () => {
  const attempts = Array.from({ length: 100 }, (_, n) =>
    api.http.post(USERS).send(account('wanted', { email: `wanted${n}@example.com` })),
  );
  const answers = (await Promise.all(attempts)).map(({ status, body }) => `${status} ${body.code ?? ''}`);
  const counts = Object.fromEntries(
    [...new Set(answers)].map((one) => [one, answers.filter((it) => it === one).length]),
  );
  expect(counts).toEqual({ '201 ': 1, '409 username_taken': 99 });
  const [row] = await api.database.query(`SELECT count(*)::int AS count FROM "user" WHERE username = 'wanted'`);
  expect(row).toEqual({ count: 1 });
});
