import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { type Post, writePost } from './posts.js';

let api: Api;
let root: User;
let author: User;
beforeAll(async () => {
  api = await useApi();
  [root, author] = [await api.superuser(), await api.signUp()];
});
afterAll(() => api.stop());

async function deletedPost(): Promise<Post> {
  const post = await writePost(author);
  await author.agent.delete(`${PREFIX}/users/${author.username}/posts/${post.id}`).expect(204);
  return post;
}

test.each([
  ['a post', () => writePost(author)],
  ['a post that is soft-deleted already', deletedPost],
])('%s can be deleted for good', async (_, given) => {
  const { id } = await given();
  const untouched = await writePost(author);
  await root.agent.delete(`${PREFIX}/admin/posts/${id}`).expect(204);
  const rows = await api.database.query('SELECT id FROM post WHERE id = ANY($1)', [[id, untouched.id]]);
  expect(rows.map((row) => Number(row.id))).toEqual([untouched.id]);
  await refused(api.http.get(`${PREFIX}/posts/${id}`), 404, 'post_not_found');
  await refused(root.agent.delete(`${PREFIX}/admin/posts/${id}`), 404, 'post_not_found');
});

test('a restored post is back where it was', async () => {
  const post = await deletedPost();
  const { body } = await root.agent.post(`${PREFIX}/admin/posts/${post.id}/restore`).expect(200);
  expect(body).toEqual({ ...post, updated_at: expect.any(String) });
  const read = await api.http.get(`${PREFIX}/users/${author.username}/posts/${post.id}`).expect(200);
  expect(read.body).toEqual(body);
  const rows = await api.database.query('SELECT is_deleted, deleted_at FROM post WHERE id = $1', [post.id]);
  expect(rows).toEqual([{ is_deleted: false, deleted_at: null }]);
});

test('a post that is not deleted stays as it is when restored', async () => {
  const post = await writePost(author);
  const { body } = await root.agent.post(`${PREFIX}/admin/posts/${post.id}/restore`).expect(200);
  expect(body).toEqual(post);
});

test.each(['0', 'abc', '999999999', '9223372036854775808'])('there is no post %s to delete or restore', async (id) => {
  await refused(root.agent.delete(`${PREFIX}/admin/posts/${id}`), 404, 'post_not_found');
  await refused(root.agent.post(`${PREFIX}/admin/posts/${id}/restore`), 404, 'post_not_found');
});
