/** Lists of comments and of replies. */
import { writePost } from '../posts/posts.js';
import { type Api, refused, useApi } from '../support/api.js';
import { commentsOf, type CommentThread, listOf, newPeople, newThread, pathOf, type People, say } from './comments.js';

let api: Api;
let people: People;
beforeAll(async () => {
  api = await useApi();
  people = await newPeople(api);
});
afterAll(() => api.stop());

test('comments come newest first, replies oldest first, and more of them by their parent', async () => {
  const { author, ada } = people;
  const post = await writePost(author);
  const firsts = [await say(ada, post), await say(ada, post)];
  const replies = [];
  for (let n = 0; n < 5; n++) replies.push(await say(ada, post, firsts[1]));
  const last = await say(ada, post, replies[0]);
  const ids = (comments: { id: number }[]) => comments.map(({ id }) => id);
  const listed = await listOf(api, post);
  expect(ids(listed)).toEqual(ids(firsts).toReversed());
  expect(listed[0]).toMatchObject({ reply_count: 5 });
  expect(ids(listed[0]!.replies)).toEqual(ids(replies.slice(0, 3)));
  expect(listed[0]!.replies[0]!.replies).toEqual([last]);
  const all = await listOf(api, post, firsts[1]!.id);
  expect(ids(all)).toEqual(ids(replies));
  expect(all[0]).toMatchObject({ reply_count: 1, replies: [{ id: last.id }] });
  const walked: number[] = [];
  for (let after: string | null = ''; after !== null;) {
    const { body } = await api.http
      .get(commentsOf(post))
      .query({ parent_id: firsts[1]!.id, after, items_per_page: 2 })
      .expect(200);
    walked.push(...ids(body.data as CommentThread[]));
    after = body.next as string | null;
  }
  expect(walked).toEqual(ids(replies));
  const { body } = await api.http.get(commentsOf(post)).query({ parent_id: firsts[1]!.id, sort: '-id' }).expect(200);
  expect(ids(body.data)).toEqual(ids(replies).toReversed());
});

test('only a parent that is seen on the post has a list', async () => {
  const { author, eve, first, last, post } = await newThread(api, people);
  const other = await writePost(author);
  expect(await listOf(api, post, last.id)).toEqual([]);
  await eve.agent.delete(pathOf(last)).expect(204);
  await refused(api.http.get(commentsOf(post)).query({ parent_id: last.id }), 404, 'comment_not_found');
  await refused(api.http.get(commentsOf(other)).query({ parent_id: first.id }), 404, 'comment_not_found');
  await refused(api.http.get(commentsOf(post)).query({ parent_id: 'x' }), 422, 'validation_failed');
  await refused(api.http.get(commentsOf({ id: 9e15 })), 404, 'post_not_found');
});

test('long replies are left out of a page, and still there by their parent', async () => {
  const { author, ada } = people;
  const post = await writePost(author);
  const long = '語'.repeat(10_000);
  for (let n = 0; n < 4; n++) {
    const first = await say(ada, post, undefined, 'First');
    for (let m = 0; m < 3; m++) await say(ada, post, first, long);
  }
  const listed = await listOf(api, post);
  expect(listed.map(({ reply_count }) => reply_count)).toEqual([3, 3, 3, 3]);
  // 256 KiB have room for eight of 30,000 bytes.
  expect(listed.flatMap(({ replies }) => replies)).toHaveLength(8);
  expect(await listOf(api, post, listed[0]!.id)).toHaveLength(3);
});
