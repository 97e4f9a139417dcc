import { type Api, PREFIX, startApi } from '../../support/api.js';
import { expectWalk, ordersOf } from '../../support/list-walk.js';

let api: Api;
beforeAll(async () => {
  api = await startApi({ CACHE_ENABLED: 'false' });
  await api.signUp({ username: 'ada' });
});
afterAll(() => api.stop());

const insert = (count: number) =>
  api.database.query(
    `INSERT INTO post (title, text, created_by_user_id)
     SELECT (ARRAY['Ä', 'a b', 'Z'])[1 + n % 3], 'Text', 1 FROM generate_series(1, $1::int) n`,
    [count],
  );

test.each([`${PREFIX}/posts`, `${PREFIX}/users/ada/posts`])(
  'walks of %s miss and repeat nothing, in any order',
  async (path) => {
    const orders = await ordersOf(api, path);
    expect(orders).toEqual(['', 'id', '-id', 'title', '-title']);
    for (const sort of orders) await expectWalk(api, { path, table: 'post', where: 'NOT is_deleted', insert }, sort);
  },
);
