import type { Api } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { fillProducts, PRODUCTS } from '../../support/products.js';
import { finish, until } from '../../support/program.js';
import { answer, warm } from '../../platform/cache/pair.js';

let api: Api;
beforeAll(async () => {
  api = await startLabApi();
});
afterAll(() => api.stop());

const command = async () => expect((await finish('create-superuser', api.env)).code).toBe(0);
const shows = async (path: string) => (await answer(api.program.url, path)).includes('"username":"admin"');

test('a superuser that the command creates or restores shows in what a running API has cached', async () => {
  const { url } = api.program;
  await api.signUp();
  await warm(api, [url], ['/users']);
  await command();
  await until(() => shows('/users'));
  const [admin] = await api.database.query<{ id: number }>(`SELECT id::int FROM "user" WHERE username = 'admin'`);
  await fillProducts(api, admin!, 1, `''`);
  await api.database.query(`UPDATE "user" SET is_deleted = true WHERE username = 'admin'`);
  // Which drops what is cached.
  await api.signUp();
  await warm(api, [url], ['/users', PRODUCTS]);
  expect([await shows('/users'), await shows(PRODUCTS)]).toEqual([false, false]);
  await command();
  await until(async () => (await shows('/users')) && (await shows('/users/admin')) && (await shows(PRODUCTS)));
});
