import { type Api, PREFIX, useApi } from '../../support/api.js';
import { finish } from '../../support/program.js';

const PASSWORD = 'Canary-of-admins';
const ADMIN_EMAIL = 'Boss@Example.com';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

/** Creates the superuser; what the command says beside its log. */
async function create(ADMIN_PASSWORD: string): Promise<string> {
  const { code, output } = await finish('create-superuser', { ...api.env, ADMIN_EMAIL, ADMIN_PASSWORD });
  expect([code, output.includes(ADMIN_PASSWORD)]).toEqual([0, false]);
  return output.replace(/^\{.*\n/gm, '');
}

const users = () => api.database.query('SELECT * FROM "user"');

test('the superuser is created once, and may do what superusers may', async () => {
  expect(await create(PASSWORD)).toBe('The superuser admin was created\n');
  const before = await users();
  expect(before).toEqual([
    expect.objectContaining({
      username: 'admin',
      email: 'boss@example.com',
      is_superuser: true,
      hashed_password: expect.stringMatching(/^\$2[aby]\$\d\d\$/),
    }),
  ]);
  expect(await create('An0ther-passw0rd')).toBe('The superuser admin already exists\n');
  expect(await users()).toEqual(before);
  const login = { username: 'admin', password: PASSWORD };
  const { body } = await api.http.post(`${PREFIX}/auth/login`).send(login).expect(200);
  await api.http.get(`${PREFIX}/admin/users`).auth(body.access_token, { type: 'bearer' }).expect(200);
});
