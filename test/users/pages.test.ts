/** The tests of this file only read. */
import { type Api, leave, PREFIX, refused, useApi } from '../support/api.js';
import { settled } from '../support/program.js';

const USERS = `${PREFIX}/users`;
const NEWEST_FIRST = ['u12', 'u11', 'u10', 'u9', 'u8', 'u7', 'u6', 'u5', 'u4', 'u3', 'u2', 'u1'];

let api: Api;
beforeAll(async () => {
  api = await useApi();
  for (const username of NEWEST_FIRST.toReversed()) await api.signUp({ username });
  const gone = await api.signUp({ username: 'gone' });
  await leave(gone).expect(204);
  await settled();
});
afterAll(() => api.stop());

test.each([
  ['', 1, 10, NEWEST_FIRST.slice(0, 10), true],
  ['?page=1', 1, 10, NEWEST_FIRST.slice(0, 10), true],
  ['?page=2', 2, 10, NEWEST_FIRST.slice(10), false],
  ['?items_per_page=5', 1, 5, NEWEST_FIRST.slice(0, 5), true],
  ['?page=3&items_per_page=5', 3, 5, NEWEST_FIRST.slice(10), false],
  ['?page=2&items_per_page=6', 2, 6, NEWEST_FIRST.slice(6), false],
  ['?items_per_page=12', 1, 12, NEWEST_FIRST, false],
  ['?items_per_page=100', 1, 100, NEWEST_FIRST, false],
  ['?page=12&items_per_page=1', 12, 1, ['u1'], false],
  ['?page=3', 3, 10, [], false],
  ['?page=101&items_per_page=100', 101, 100, [], false],
])('users%s is a page of profiles, newest first', async (query, page, items_per_page, usernames, has_more) => {
  const { body } = await api.http.get(USERS + query).expect(200);
  const data = body.data.map(({ username }: { username: string }) => username);
  expect({ ...body, data }).toEqual({ data: usernames, total_count: 12, has_more, page, items_per_page });
});

test('users are walked by cursor', async () => {
  const walked: string[] = [];
  for (let after: string | null = ''; after !== null;) {
    const { body }: { body: { data: { username: string }[]; next: string | null } } = await api.http
      .get(USERS)
      .query({ after, items_per_page: 5 })
      .expect(200);
    walked.push(...body.data.map(({ username }) => username));
    after = body.next;
  }
  expect(walked).toEqual(NEWEST_FIRST);
});

test.each([
  ['page=0', 'page'],
  ['page=-1', 'page'],
  ['page=1.5', 'page'],
  ['page=one', 'page'],
  ['page=', 'page'],
  ['page=1e2', 'page'],
  ['page=9007199254740993', 'page'],
  ['page=1002', 'page'],
  ['page=102&items_per_page=100', 'page'],
  ['page=1&page=2', 'page'],
  ['items_per_page=0', 'items_per_page'],
  ['items_per_page=101', 'items_per_page'],
  ['items_per_page=ten', 'items_per_page'],
  ['limit=10', 'limit'],
  ['after=MA', 'after'],
])('users?%s names no page', async (query, field) => {
  const { body } = await refused(api.http.get(`${USERS}?${query}`), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
});
