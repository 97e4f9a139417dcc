/** What posts and comments count, whoever writes at the same time. */
import { type CommentRead, countOf, listOf, pathOf, type Place, say, truthOf } from '../../comments/comments.js';
import { writePost } from '../../posts/posts.js';
import { type Api, leave, PREFIX, startApi, type User } from '../../support/api.js';

const WRITES = 100;

let api: Api;
let root: User;
let people: User[];
let post: Place;
beforeAll(async () => {
  api = await startApi();
  root = await api.superuser();
});
beforeEach(async () => {
  people = [];
  for (let n = 0; n < 5; n++) people.push(await api.signUp());
  post = await writePost(people[0]!);
});
afterAll(() => api.stop());

const times = <T>(count: number, work: (n: number) => PromiseLike<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const someone = (n: number) => people[n % people.length]!;
const remove = ({ id }: CommentRead, by: User) => by.agent.delete(pathOf({ post_id: post.id, id })).expect(204);

/** All counts are those of the rows. */
async function expectCounted(): Promise<number> {
  const count = await countOf(api, post);
  expect(await truthOf(api, post)).toEqual({ count, wrong: [] });
  return count;
}

test(`${WRITES} comments and deletions at once leave the count that the rows have`, async () => {
  const known = await times(WRITES / 2, (n) => say(someone(n), post));
  await times(WRITES, async (n) => {
    const half = Math.floor(n / 2);
    await (n % 2 === 0 ? say(someone(n), post) : remove(known[half]!, someone(half)));
  });
  expect(await expectCounted()).toBe(WRITES / 2);
});

test('replies, deletions and moderation of one thread at once leave counts that are right', async () => {
  const first = await say(someone(1), post);
  const replies = await times(10, (n) => say(someone(n), post, first));
  const last = await times(20, (n) => say(someone(n), post, replies[n % 10]));
  const hide = ({ id }: CommentRead) => people[0]!.agent.post(`${pathOf({ post_id: post.id, id })}/hide`).expect(204);
  await times(10, async (n) => {
    await Promise.all([
      remove(replies[n]!, someone(n)),
      hide(last[n]!),
      remove(last[n + 10]!, someone(n + 10)),
      say(someone(n), post, first),
    ]);
  });
  await remove(first, someone(1));
  expect(await expectCounted()).toBe(10);
  const [thread] = await listOf(api, post);
  expect(thread).toMatchObject({ text: null, reply_count: 10 });
});

test('accounts that are deleted and restored while their owners comment leave no visible comment and no deadlock', async () => {
  const [, , ada, bob, eve] = people as [User, User, User, User, User];
  const other = await writePost(ada);
  const write = (by: User, on: Place) => by.agent.post(`${PREFIX}/posts/${on.id}/comments`).send({ text: 'A text' });
  const first = await say(bob, post);
  const written = times(40, (n) => write([ada, bob, eve][n % 3]!, n % 2 === 0 ? post : other));
  const replied = times(20, () =>
    people[1]!.agent.post(`${PREFIX}/posts/${post.id}/comments`).send({ text: 'x', parent_id: first.id }),
  );
  await Promise.all([leave(bob).expect(204), leave(eve).expect(204)]);
  const statuses = new Set([...(await written), ...(await replied)].map(({ status }) => status));
  expect([...statuses].filter((status) => ![201, 401, 404, 409].includes(status))).toEqual([]);
  await expectCounted();
  const shown = await api.database.query(
    'SELECT 1 FROM comment WHERE created_by_user_id = ANY($1) AND NOT is_author_deleted',
    [[bob.id, eve.id]],
  );
  expect(shown).toEqual([]);
  await root.agent.post(`${PREFIX}/admin/users/${bob.username}/restore`).expect(200);
  await expectCounted();
});

test('an account with many comments on many posts is deleted in time', async () => {
  const [, ada] = people as [User, User];
  await api.database.query(
    `WITH posts AS (
       INSERT INTO post (title, text, created_by_user_id) SELECT 'Many', 'x', $1 FROM generate_series(1, 100) RETURNING id
     )
     INSERT INTO comment (post_id, depth, text, created_by_user_id)
     SELECT id, 1, 'x', $2 FROM posts, generate_series(1, 100)`,
    [people[0]!.id, ada.id],
  );
  const begun = performance.now();
  await leave(ada).expect(204);
  expect(performance.now() - begun).toBeLessThan(5_000);
  const [{ count }] = (await api.database.query(
    'SELECT count(*)::int FROM post WHERE created_by_user_id = $1 AND comment_count <> 0',
    [people[0]!.id],
  )) as [{ count: number }];
  expect(count).toBe(0);
});

test('a comment does not have the long text of its post read again for searches', async () => {
  const [author, ada] = people as [User, User];
  const { id } = await writePost(author, { title: 'Long', text: 'searched '.repeat(7_000) });
  // Made by no trigger.
  await api.database.query(`UPDATE post SET search_document = 'unread' WHERE id = $1`, [id]);
  await say(ada, { id });
  const searched = () => api.database.query('SELECT search_document::text AS words FROM post WHERE id = $1', [id]);
  expect(await searched()).toEqual([{ words: "'unread'" }]);
  await author.agent.patch(`${PREFIX}/users/${author.username}/posts/${id}`).send({ title: 'Longer' }).expect(200);
  expect(await searched()).toEqual([{ words: expect.stringContaining("'longer'") }]);
});
