/** How PostgreSQL runs what public reads send, on many rows. */
import { type Api, PREFIX, startApi } from '../../support/api.js';
import { explainAll, plans, type Step } from '../../support/plans.js';
import { send } from '../../support/raw.js';
import { listenIn, type Wire } from '../../support/statements.js';

const USERS = 10_000;
const POSTS = 100_000;
// PostgreSQL decides with the sixth run of a prepared statement whether to plan it each time.
const RUNS = 8;
// Ten rows, one more that tells whether there are more, and what is deleted among them.
const PAGE = 12;

let wire: Wire;
let api: Api;
beforeAll(async () => {
  wire = await listenIn();
  api = await startApi({ CACHE_ENABLED: 'false' }, async (url) => {
    await explainAll(url);
    return wire.through(url);
  });
  await fill();
}, 60_000);
afterAll(async () => {
  await api.stop();
  await wire.close();
});

/** One user in fifty and one post in fifty is deleted; every tenth post is of user42. */
async function fill(): Promise<void> {
  const { database } = api;
  await database.query(
    `INSERT INTO "user" (name, username, email, hashed_password, is_deleted)
     SELECT 'Name', 'user' || n, 'user' || n || '@example.com', '', n % 50 = 0 FROM generate_series(1, $1::int) n`,
    [USERS],
  );
  await database.query(
    `INSERT INTO post (title, text, created_by_user_id, is_deleted)
     SELECT 'Title', repeat('text ', 20), CASE WHEN n % 10 = 0 THEN 42 ELSE 1 + n % $2::int END, n % 50 = 1
     FROM generate_series(1, $1::int) n`,
    [POSTS, USERS],
  );
  await database.query('VACUUM ANALYZE "user", post');
}

async function get(path: string): Promise<{ next: string; total_count: number }> {
  const { status, text } = await send(api.program.url, { path: PREFIX + path });
  expect(status).toBe(200);
  return JSON.parse(text) as { next: string; total_count: number };
}

/** The plans of a read that is made so often that PostgreSQL settles for one. */
async function plansOf(path: string): Promise<Step[][]> {
  // Where there are many rows, the first page has them counted.
  await get(path);
  plans(wire);
  for (let run = 0; run < RUNS; run++) await get(path);
  return plans(wire);
}

/** A list is read in the order of an index, and no further than to the end of the page. */
function expectFrugal(steps: Step[], rows: number): void {
  expect(steps.map(({ type }) => type).filter((type) => /Sort|Seq Scan/.test(type))).toEqual([]);
  expect(Math.max(...steps.map((step) => (step.table === undefined ? 0 : step.rows)))).toBeLessThanOrEqual(rows);
}

test.each([
  ['/posts', PAGE],
  ['/posts?after=', PAGE],
  ['/posts?page=50', 50 * PAGE],
  ['/users', PAGE],
  ['/users?page=50', 50 * PAGE],
  ['/users/user42/posts', PAGE],
  ['/users/user42/posts?after=', PAGE],
  ['/users/user42/posts?page=50', 50 * PAGE],
  ['/users/user77/posts', PAGE],
  ['/posts/50000', 1],
  ['/users/user77', 1],
  ['/users/user42/posts/50000', 1],
])('%s looks at no more than %d rows', async (path, rows) => {
  const all = await plansOf(path);
  expect(all.length).toBeGreaterThanOrEqual(RUNS);
  for (const steps of all) expectFrugal(steps, rows);
});

test.each(['/posts', '/users/user42/posts'])('%s costs no more deep down, by cursor', async (path) => {
  let after = '';
  for (let page = 0; page < 20; page++) after = (await get(`${path}?items_per_page=100&after=${after}`)).next;
  for (const steps of await plansOf(`${path}?after=${after}`)) expectFrugal(steps, PAGE);
});

test.each(['/posts', '/users', '/users/user42/posts'])('%s does not count many rows for each page', async (path) => {
  const { total_count } = await get(path);
  expect(total_count).toBeGreaterThan(9_000);
  wire.statements();
  for (let page = 1; page <= RUNS; page++) await get(`${path}?page=${page}`);
  expect(wire.statements()).toHaveLength(RUNS);
});

test('a total is exact up to a thousand', async () => {
  const write = (count: number) =>
    api.database.query(
      `INSERT INTO post (title, text, created_by_user_id) SELECT 'Title', 'Text', 99 FROM generate_series(1, $1::int)`,
      [count],
    );
  let expected = (await get('/users/user99/posts')).total_count;
  for (const more of [1, 997 - expected, 1, 1]) {
    await write(more);
    expect((await get('/users/user99/posts')).total_count).toBe((expected += more));
  }
  expect(expected).toBe(1_000);
});
