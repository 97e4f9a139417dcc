/** Writing, changing and deleting comments. */
import { writePost } from '../posts/posts.js';
import { type Api, NAME, PREFIX, refused, useApi, type User } from '../support/api.js';
import { commentsOf, countOf, listOf, newPeople, newThread, pathOf, type People, say } from './comments.js';

const MISSING = 9_007_199_254_740_991;

let api: Api;
let people: People;
let root: User;
beforeAll(async () => {
  api = await useApi();
  people = await newPeople(api);
  root = await api.superuser();
});
afterAll(() => api.stop());

test('a comment is written, read, changed, listed and deleted', async () => {
  const { author, ada } = people;
  const post = await writePost(author);
  const sent = await ada.agent.post(commentsOf(post)).send({ text: 'Firſt' }).expect(201);
  const { body: saved } = sent;
  expect(saved).toEqual({
    id: expect.any(Number),
    post_id: post.id,
    parent_id: null,
    depth: 1,
    text: 'Firſt',
    reply_count: 0,
    is_deleted: false,
    is_hidden: false,
    created_at: expect.any(String),
    updated_at: saved.created_at,
    creator: {
      id: ada.id,
      name: NAME,
      username: ada.username,
      profile_image_url: expect.any(String),
    },
  });
  expect(sent.headers.location).toBe(pathOf(saved));
  const { headers } = await api.http.get(pathOf(saved)).expect(200, saved);
  const change = (tag: string) => ada.agent.patch(pathOf(saved)).set('if-match', tag).send({ text: 'Second' });
  const { body: changed } = await change(headers.etag!).expect(200);
  expect(changed).toEqual({ ...saved, text: 'Second', updated_at: changed.updated_at });
  await change(headers.etag!).expect(412);
  expect(await listOf(api, post)).toEqual([{ ...changed, replies: [] }]);
  await ada.agent.delete(pathOf(saved)).expect(204);
  await refused(api.http.get(pathOf(saved)), 404, 'comment_not_found');
  expect(await listOf(api, post)).toEqual([]);
});

test('what cannot be written has one clear answer, and changes nothing', async () => {
  const { author, ada, bob, post, first, reply, last } = await newThread(api, people);
  const elsewhere = await say(ada, await writePost(author));
  await bob.agent.delete(pathOf(reply)).expect(204);
  const count = await countOf(api, post);
  const text = 'No';
  const cases: [object, number, string][] = [
    [{ text, parent_id: last.id }, 422, 'thread_too_deep'],
    [{ text, parent_id: elsewhere.id }, 404, 'parent_not_found'],
    [{ text, parent_id: MISSING }, 404, 'parent_not_found'],
    [{ text, parent_id: reply.id }, 409, 'comment_gone'],
    [{ text, parent_id: 0 }, 422, 'validation_failed'],
    [{ text, parent_id: String(first.id) }, 422, 'validation_failed'],
    [{ text: 'x'.repeat(10_001) }, 422, 'validation_failed'],
    [{ text: '' }, 422, 'validation_failed'],
    [{ text, depth: 1 }, 422, 'validation_failed'],
    [{}, 422, 'validation_failed'],
  ];
  for (const [body, status, code] of cases) {
    await refused(ada.agent.post(commentsOf(post)).send(body), status, code);
  }
  await refused(ada.agent.post(commentsOf({ id: MISSING })).send({ text }), 404, 'post_not_found');
  await refused(api.http.post(commentsOf(post)).send({ text }), 401, 'not_signed_in');
  expect(await countOf(api, post)).toBe(count);
  await say(ada, post, first, '𝔸'.repeat(10_000));
});

test('a comment is changed and deleted by its author alone', async () => {
  const { author, ada, bob, post, first } = await newThread(api, people);
  const elsewhere = { ...first, post_id: (await writePost(author)).id };
  for (const other of [author, bob, root]) {
    await refused(other.agent.patch(pathOf(first)).send({ text: 'No' }), 403, 'not_your_comment');
    await refused(other.agent.delete(pathOf(first)), 403, 'not_your_comment');
  }
  await refused(api.http.patch(pathOf(first)).send({ text: 'No' }), 401, 'not_signed_in');
  await refused(ada.agent.patch(pathOf(elsewhere)).send({ text: 'No' }), 404, 'comment_not_found');
  await refused(ada.agent.delete(pathOf(elsewhere)), 404, 'comment_not_found');
  await refused(ada.agent.patch(pathOf({ ...first, id: MISSING })).send({ text: 'No' }), 404, 'comment_not_found');
  await refused(ada.agent.patch(pathOf(first)).send({ parent_id: null }), 422, 'validation_failed');
  await refused(ada.agent.patch(pathOf(first)).send({ text: null }), 422, 'validation_failed');
  await api.http.get(pathOf(first)).expect(200, { ...first, reply_count: 1 });
  expect(await countOf(api, post)).toBe(3);
});

test('a deleted comment is deleted once', async () => {
  const { ada, first } = await newThread(api, people);
  await ada.agent.delete(pathOf(first)).expect(204);
  await refused(ada.agent.delete(pathOf(first)), 404, 'comment_not_found');
  await refused(ada.agent.patch(pathOf(first)).send({ text: 'No' }), 404, 'comment_not_found');
});

test('every list of posts tells how many comments there are', async () => {
  const { author, post } = await newThread(api, people);
  const paths = [`/posts/${post.id}`, `/users/${author.username}/posts/${post.id}`];
  for (const path of paths) expect((await api.http.get(PREFIX + path)).body.comment_count).toBe(3);
  for (const path of ['/posts?items_per_page=100', `/users/${author.username}/posts`]) {
    const { body } = await api.http.get(PREFIX + path).expect(200);
    expect(body.data).toContainEqual(expect.objectContaining({ id: post.id, comment_count: 3 }));
  }
});
