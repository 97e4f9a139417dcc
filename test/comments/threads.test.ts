/** What readers see of threads whose comments are deleted, hidden, or gone with an account. */
import { type Api, leave, PREFIX, refused, useApi, type User } from '../support/api.js';
import {
  type CommentRead,
  commentsOf,
  type CommentThread,
  countOf,
  listOf,
  newPeople,
  newThread,
  pathOf,
  type People,
  say,
  truthOf,
} from './comments.js';

type Scene = Awaited<ReturnType<typeof newThread>>;

let api: Api;
let people: People;
let root: User;
beforeAll(async () => {
  api = await useApi();
  people = await newPeople(api);
  root = await api.superuser();
});
afterAll(() => api.stop());

const hide = (user: User, comment: CommentRead) => user.agent.post(`${pathOf(comment)}/hide`).expect(204);
const unhide = (user: User, comment: CommentRead) => user.agent.delete(`${pathOf(comment)}/hide`).expect(204);
const restore = (user: User) => root.agent.post(`${PREFIX}/admin/users/${user.username}/restore`).expect(200);

/** One line for the thread: numbers of replies in brackets, tombstones as †. */
function drawn(threads: (CommentThread | CommentRead)[]): string {
  const one = (comment: CommentThread | CommentRead): string => {
    const sign = comment.text === null ? '†' : String(comment.depth);
    expect(comment.creator === null).toBe(comment.text === null);
    expect(comment.is_deleted || comment.is_hidden).toBe(comment.text === null);
    const replies = 'replies' in comment ? comment.replies : [];
    if ('replies' in comment) expect(comment.reply_count).toBe(replies.length);
    return replies.length > 0 ? `${sign}(${drawn(replies)})` : sign;
  };
  return threads.map(one).join(' ');
}

/** The thread as readers see it, with its count, which the rows agree with. */
async function seen({ post }: Scene): Promise<string> {
  const count = await countOf(api, post);
  expect(await truthOf(api, post)).toEqual({ count, wrong: [] });
  return `${drawn(await listOf(api, post))}: ${count}`;
}

const WAYS: [string, (scene: Scene) => Promise<unknown>, string][] = [
  ['nothing', async () => undefined, '1(2(3)): 3'],
  ['the last is deleted', ({ eve, last }) => eve.agent.delete(pathOf(last)).expect(204), '1(2): 2'],
  ['the first is deleted', ({ ada, first }) => ada.agent.delete(pathOf(first)).expect(204), '†(2(3)): 2'],
  ['the reply is hidden', ({ author, reply }) => hide(author, reply), '1(†(3)): 2'],
  ['the reply is hidden by a superuser', ({ reply }) => hide(root, reply), '1(†(3)): 2'],
  ['the account of the first is deleted', ({ ada }) => leave(ada).expect(204), '†(2(3)): 2'],
  ['the account of the last is deleted', ({ eve }) => leave(eve).expect(204), '1(2): 2'],
  [
    'the account of the reply is purged',
    ({ bob }) => root.agent.delete(`${PREFIX}/admin/users/${bob.username}`).expect(204),
    '1(†(3)): 2',
  ],
  [
    'all of it is deleted, the last one last',
    async ({ ada, bob, eve, first, reply, last }) => {
      await ada.agent.delete(pathOf(first)).expect(204);
      await bob.agent.delete(pathOf(reply)).expect(204);
      await eve.agent.delete(pathOf(last)).expect(204);
    },
    ': 0',
  ],
  [
    'what was hidden is shown again, twice',
    async ({ author, first, last }) => {
      for (const act of [hide, hide, unhide, unhide]) for (const one of [first, last]) await act(author, one);
    },
    '1(2(3)): 3',
  ],
  [
    'a deleted account is back',
    async ({ bob, eve, last }) => {
      await leave(bob).expect(204);
      await eve.agent.delete(pathOf(last)).expect(204);
      await restore(bob);
    },
    '1(2): 2',
  ],
  [
    'an account was away while its comment was hidden',
    async ({ author, bob, reply }) => {
      await leave(bob).expect(204);
      await hide(author, reply);
      await restore(bob);
    },
    '1(†(3)): 2',
  ],
];

test.each(WAYS)('%s', async (what, change, expected) => {
  const scene = await newThread(api, what.includes('account') ? undefined : people);
  await change(scene);
  expect(await seen(scene)).toBe(expected);
});

test('a tombstone is told apart from a comment by its own path too, and takes no change', async () => {
  const { author, bob, eve, reply, post } = await newThread(api, people);
  await hide(author, reply);
  const { body } = await api.http.get(pathOf(reply)).expect(200);
  const { text: _, creator: __, ...rest } = reply;
  expect(body).toEqual({
    ...rest,
    is_hidden: true,
    reply_count: 1,
    updated_at: body.updated_at,
    text: null,
    creator: null,
  });
  await refused(bob.agent.patch(pathOf(reply)).send({ text: 'No' }), 409, 'comment_gone');
  await refused(eve.agent.post(commentsOf(post)).send({ text: 'No', parent_id: reply.id }), 409, 'comment_gone');
  await refused(eve.agent.post(`${pathOf(reply)}/reports`).send({ reason: 'No' }), 409, 'comment_gone');
  await bob.agent.delete(pathOf(reply)).expect(204);
  await refused(author.agent.delete(`${pathOf(reply)}/hide`), 404, 'comment_not_found');
});

test('nobody but the author of the post and superusers hides', async () => {
  const { ada, bob, post, first, last } = await newThread(api, people);
  for (const user of [ada, bob]) {
    await refused(user.agent.post(`${pathOf(first)}/hide`), 403, 'not_moderator');
    await refused(user.agent.delete(`${pathOf(first)}/hide`), 403, 'not_moderator');
  }
  await refused(api.http.post(`${pathOf(first)}/hide`), 401, 'not_signed_in');
  await refused(root.agent.post(`${pathOf({ ...last, id: 9e15 })}/hide`), 404, 'comment_not_found');
  expect(await countOf(api, post)).toBe(3);
});

test.each([
  [
    'the post',
    ({ author, post }: Scene) => author.agent.delete(`${PREFIX}/users/${author.username}/posts/${post.id}`),
    ({ post }: Scene) => root.agent.post(`${PREFIX}/admin/posts/${post.id}/restore`).expect(200),
  ],
  ['its author', ({ author }: Scene) => leave(author), ({ author }: Scene) => restore(author)],
])('%s takes the comments away, and brings back what was seen', async (_, remove, bringBack) => {
  const scene = await newThread(api);
  await hide(scene.author, scene.last);
  const before = await seen(scene);
  await remove(scene).expect(204);
  await refused(api.http.get(commentsOf(scene.post)), 404, 'post_not_found');
  await refused(api.http.get(pathOf(scene.first)), 404, 'post_not_found');
  await refused(scene.ada.agent.patch(pathOf(scene.first)).send({ text: 'No' }), 404, 'post_not_found');
  await refused(scene.bob.agent.post(`${pathOf(scene.first)}/reports`).send({ reason: 'No' }), 404, 'post_not_found');
  await bringBack(scene);
  expect(await seen(scene)).toBe(before);
});

test('a purged account leaves no text and no name', async () => {
  const { ada, bob, first, post } = await newThread(api);
  await say(ada, post, first, 'Mine alone');
  await root.agent.delete(`${PREFIX}/admin/users/${ada.username}`).expect(204);
  const rows = await api.database.query(
    'SELECT id::int, text FROM comment WHERE post_id = $1 AND created_by_user_id IS NULL',
    [post.id],
  );
  expect(rows).toEqual([{ id: first.id, text: null }]);
  await say(bob, post);
  expect(await countOf(api, post)).toBe(3);
});
