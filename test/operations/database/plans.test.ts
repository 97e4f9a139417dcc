/** How PostgreSQL runs what public reads of accounts send, on many rows. */
import { Explained, PAGE } from '../../support/plans.js';

const USERS = 10_000;

let explained: Explained;
beforeAll(async () => {
  explained = await Explained.start();
  await explained.fillUsers(USERS);
});
afterAll(() => explained.stop());

test.each([
  ['/users', PAGE],
  ['/users?page=50', 50 * PAGE],
  ['/users/user77', 1],
])('%s looks at no more than %d rows', (path, rows) => explained.expectFrugal(path, rows));

test('/users does not count many rows for each page', () => explained.expectCountedOnce('/users'));

test('a total is exact up to a thousand', async () => {
  const few = await Explained.start();
  let count = 0;
  for (const more of [1, 997, 1, 1]) {
    await few.api.database.query(
      `INSERT INTO "user" (name, username, email, hashed_password)
       SELECT 'Name', 'few' || n, 'few' || n || '@example.com', '' FROM generate_series($1::int + 1, $1 + $2) n`,
      [count, more],
    );
    expect((await few.get('/users')).total_count).toBe((count += more));
  }
  await few.stop();
});
