/** How PostgreSQL runs what reads of posts send, on many rows. */
import { Explained, PAGE } from '../../support/plans.js';

const USERS = 10_000;
const POSTS = 100_000;

let explained: Explained;
beforeAll(async () => {
  explained = await Explained.start();
  await explained.fillUsers(USERS);
  const { database } = explained.api;
  // One post in fifty is deleted; every tenth is of user42.
  await database.query(
    `INSERT INTO post (title, text, created_by_user_id, is_deleted)
     SELECT 'Title', repeat('text ', 20), CASE WHEN n % 10 = 0 THEN 42 ELSE 1 + n % $2::int END, n % 50 = 1
     FROM generate_series(1, $1::int) n`,
    [POSTS, USERS],
  );
  await database.query('VACUUM ANALYZE post');
});
afterAll(() => explained.stop());

test.each([
  ['/posts', PAGE],
  ['/posts?after=', PAGE],
  ['/posts?page=50', 50 * PAGE],
  ['/users/user42/posts', PAGE],
  ['/users/user42/posts?after=', PAGE],
  ['/users/user42/posts?page=50', 50 * PAGE],
  ['/users/user77/posts', PAGE],
  ['/posts/50000', 1],
  ['/users/user42/posts/50000', 1],
])('%s looks at no more than %d rows', (path, rows) => explained.expectFrugal(path, rows));

const LONG_LISTS = ['/posts', '/users/user42/posts'];

test.each(LONG_LISTS)('%s costs no more deep down, by cursor', async (path) => {
  await explained.expectFrugal(`${path}?after=${await explained.deep(path)}`);
});

test.each(LONG_LISTS)('%s does not count many rows for each page', (path) => explained.expectCountedOnce(path));
