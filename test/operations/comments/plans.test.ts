/** How PostgreSQL runs what reads of comments send, on many rows. */
import { Explained, PAGE, plans, RUNS } from '../../support/plans.js';

const USERS = 10_000;
const COMMENTS = 100_000;
// Of ten comments, three each, and of these three each.
const REPLIES = 120;

let explained: Explained;
let thread: number;
beforeAll(async () => {
  explained = await Explained.start();
  await explained.fillUsers(USERS);
  const { database } = explained.api;
  await database.query(
    `INSERT INTO post (title, text, created_by_user_id) SELECT 'Title', 'text', 1 + n * 7 FROM generate_series(1, 1000) n`,
  );
  // Half of them are on post 1; one in fifty is hidden.
  await database.query(
    `INSERT INTO comment (post_id, depth, text, created_by_user_id, is_hidden)
     SELECT CASE WHEN n % 2 = 0 THEN 1 ELSE 2 + n % 900 END, 1, 'text', 1 + n % $2::int, n % 50 = 0
     FROM generate_series(1, $1::int) n`,
    [COMMENTS, USERS],
  );
  const rows = await database.query<{ id: number }>(
    `INSERT INTO comment (post_id, depth, text, created_by_user_id) VALUES (1000, 1, 'text', 1) RETURNING id::int`,
  );
  thread = rows[0]!.id;
  await database.query(
    `INSERT INTO comment (post_id, parent_id, depth, text, created_by_user_id)
     SELECT 1000, $1, 2, 'text', 1 + n % $2::int FROM generate_series(1, 20000) n`,
    [thread, USERS],
  );
  await database.query(
    `INSERT INTO comment (post_id, parent_id, depth, text, created_by_user_id)
     SELECT 1000, id, 3, 'text', created_by_user_id FROM comment, generate_series(1, 5) WHERE parent_id = $1 AND id % 2 = 0`,
    [thread],
  );
  await database.query('VACUUM ANALYZE comment');
  await database.query('VACUUM ANALYZE post');
}, 180_000);
afterAll(() => explained.stop());

test.each([
  ['/posts/1/comments', PAGE],
  ['/posts/1/comments?after=', PAGE],
  ['/posts/1/comments?sort=id', PAGE],
  ['/posts/1/comments?page=50', 50 * PAGE],
  ['/posts/8/comments', PAGE],
])('%s looks at no more than %d rows', (path, rows) => explained.expectFrugal(path, rows));

test('comments cost no more deep down, by cursor', async () => {
  await explained.expectFrugal(`/posts/1/comments?after=${await explained.deep('/posts/1/comments')}`);
});

test('many comments are not counted for each page', async () => {
  expect((await explained.get('/posts/1/comments')).total_count).toBe(48_000);
  explained.wire.statements();
  for (let page = 1; page <= RUNS; page++) await explained.get(`/posts/1/comments?page=${page}`);
  expect(explained.wire.statements().filter((statement) => /\bcount\(/.test(statement))).toEqual([]);
});

test.each(['', '&after=', '&sort=-id'])(
  'a page of replies with theirs %p reads no more than it shows',
  async (more) => {
    const path = `/posts/1000/comments?parent_id=${thread}${more}`;
    await explained.get(path);
    plans(explained.wire);
    for (let run = 0; run < RUNS; run++) await explained.get(path);
    const steps = plans(explained.wire).flat();
    expect(steps.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
    expect(Math.max(...steps.map(({ rows }) => rows))).toBeLessThanOrEqual(REPLIES);
  },
);
