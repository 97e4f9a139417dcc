import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { writePost } from './posts.js';
import { settled } from '../support/program.js';

let api: Api;
let author: User;
beforeAll(async () => {
  api = await useApi();
  author = await api.signUp({ name: 'Ada Lovelace' });
});
afterAll(() => api.stop());

function creatorOf({ id, username }: User) {
  return { id, name: 'Ada Lovelace', username, profile_image_url: 'https://www.profileimageurl.com' };
}

test('a post is read under the name of its author', async () => {
  const post = await writePost(author);
  await settled();
  const { body } = await api.http.get(`${PREFIX}/users/${author.username}/posts/${post.id}`).expect(200);
  expect(body).toEqual(post);
});

test('a post of all comes with who wrote it', async () => {
  const post = await writePost(author);
  await settled();
  const { body } = await api.http.get(`${PREFIX}/posts/${post.id}`).expect(200);
  expect(body).toEqual({ ...post, creator: creatorOf(author) });
});

test('the posts of all come with who wrote them', async () => {
  const post = await writePost(author);
  await settled();
  const { body } = await api.http.get(`${PREFIX}/posts`).expect(200);
  expect(body.data[0]).toEqual({ ...post, creator: creatorOf(author) });
});

test('the creator of a post changes with the account', async () => {
  const user = await api.signUp();
  const post = await writePost(user);
  await user.agent.patch(`${PREFIX}/users/${user.username}`).send({ name: 'Grace Hopper' }).expect(200);
  const { body } = await api.http.get(`${PREFIX}/posts/${post.id}`).expect(200);
  expect(body.creator.name).toBe('Grace Hopper');
});

test('a post is not found under the name of another', async () => {
  const [post, other] = [await writePost(author), await api.signUp()];
  await settled();
  await refused(api.http.get(`${PREFIX}/users/${other.username}/posts/${post.id}`), 404, 'post_not_found');
  await refused(api.http.get(`${PREFIX}/users/nobody/posts/${post.id}`), 404, 'post_not_found');
});

test.each(['0', '-1', '1.0', '01', 'abc', '999999999', '9223372036854775808', '%20', '%00'])(
  'no post has the id %s',
  async (id) => {
    await refused(api.http.get(`${PREFIX}/posts/${id}`), 404, 'post_not_found');
    await refused(api.http.get(`${PREFIX}/users/${author.username}/posts/${id}`), 404, 'post_not_found');
  },
);

test('who wrote nothing has an empty list; who is not there has none', async () => {
  const { username } = await api.signUp();
  const { body } = await api.http.get(`${PREFIX}/users/${username}/posts`).expect(200);
  expect(body).toEqual({ data: [], total_count: 0, has_more: false, page: 1, items_per_page: 10 });
  await refused(api.http.get(`${PREFIX}/users/nobody/posts`), 404, 'user_not_found');
  await refused(api.http.get(`${PREFIX}/users/nobody/posts?after=`), 404, 'user_not_found');
});

test('a deleted post is gone from everywhere, but not from the table', async () => {
  const user = await api.signUp();
  const [kept, deleted] = [await writePost(user), await writePost(user)];
  const posts = `${PREFIX}/users/${user.username}/posts`;

  const { text } = await user.agent.delete(`${posts}/${deleted.id}`).expect(204);

  expect(text).toBe('');
  await settled();
  await refused(api.http.get(`${posts}/${deleted.id}`), 404, 'post_not_found');
  await refused(api.http.get(`${PREFIX}/posts/${deleted.id}`), 404, 'post_not_found');
  for (const query of ['', '?after=']) {
    const own = await api.http.get(posts + query).expect(200);
    expect(own.body).toMatchObject({ data: [kept], total_count: 1 });
    const all = await api.http.get(`${PREFIX}/posts${query}`).expect(200);
    expect(all.body.data.map(({ id }: { id: number }) => id)).not.toContain(deleted.id);
  }
  const rows = await api.database.query('SELECT is_deleted, deleted_at FROM post WHERE id = $1', [deleted.id]);
  expect(rows).toEqual([{ is_deleted: true, deleted_at: expect.any(Date) }]);
});
