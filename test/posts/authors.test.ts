/** What becomes of posts when their authors leave, come back or change their names. */
import { type Api, leave, PREFIX, refused, useApi, type User } from '../support/api.js';
import { writePost } from './posts.js';

const USERS = `${PREFIX}/users`;
const ADMIN = `${PREFIX}/admin/users`;

let api: Api;
let root: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
afterAll(() => api.stop());

async function deletedPost(author: User): Promise<number> {
  const { id } = await writePost(author);
  await author.agent.delete(`${USERS}/${author.username}/posts/${id}`).expect(204);
  return id;
}

describe('who leaves', () => {
  let gone: User;
  let id: number;
  beforeEach(async () => {
    await api.database.query('DELETE FROM post');
    await writePost(await api.signUp(), { title: 'Stays' });
    gone = await api.signUp();
    ({ id } = await writePost(gone));
    await api.http.get(`${PREFIX}/posts/${id}`).expect(200);
    await leave(gone).expect(204);
  });

  test('takes their posts along', async () => {
    await refused(api.http.get(`${USERS}/${gone.username}/posts`), 404, 'user_not_found');
    await refused(api.http.get(`${USERS}/${gone.username}/posts/${id}`), 404, 'post_not_found');
    await refused(api.http.get(`${PREFIX}/posts/${id}`), 404, 'post_not_found');
  });

  test.each(['posts', 'posts?after=&items_per_page=100'])(
    'has no post that is listed or counted in %s',
    async (path) => {
      const { body } = await api.http.get(`${PREFIX}/${path}`).expect(200);
      expect(body.data.map(({ title }: { title: string }) => title)).toEqual(['Stays']);
      expect(body).toMatchObject({ total_count: 1, has_more: false });
    },
  );

  test('writes no more posts', async () => {
    const ghost = gone.agent.post(`${USERS}/${gone.username}/posts`).send({ title: 'Ghost', text: 'Boo' });
    await refused(ghost, 401, 'not_signed_in');
  });
});

test('the posts of an account that is deleted for good are gone, too', async () => {
  const user = await api.signUp();
  await writePost(user);
  await deletedPost(user);
  const untouched = await writePost(await api.signUp());
  await root.agent.delete(`${ADMIN}/${user.username}`).expect(204);
  expect(await api.database.query('SELECT id FROM post WHERE created_by_user_id = $1', [user.id])).toEqual([]);
  expect(await api.database.query('SELECT id FROM post WHERE id = $1', [untouched.id])).toHaveLength(1);
});

test('a restored user is back with the posts, but without those deleted before', async () => {
  const user = await api.signUp();
  const [kept, deleted] = [await writePost(user), await deletedPost(user)];
  await leave(user).expect(204);
  await root.agent.post(`${ADMIN}/${user.username}/restore`).expect(200);
  const posts = await api.http.get(`${USERS}/${user.username}/posts`).expect(200);
  expect(posts.body.data.map((post: { id: number }) => post.id)).toEqual([kept.id]);
  await api.http.get(`${PREFIX}/posts/${kept.id}`).expect(200);
  await refused(api.http.get(`${PREFIX}/posts/${deleted}`), 404, 'post_not_found');
});

test('the posts of a renamed user move with the name', async () => {
  const user = await api.signUp({ username: 'mover' });
  const { id } = await writePost(user);
  await user.agent.patch(`${USERS}/mover`).send({ username: 'moved' }).expect(200);
  await refused(api.http.get(`${USERS}/mover/posts`), 404, 'user_not_found');
  await refused(api.http.get(`${USERS}/mover/posts/${id}`), 404, 'post_not_found');
  await api.http.get(`${USERS}/moved/posts/${id}`).expect(200);
  const { body } = await api.http.get(`${PREFIX}/posts/${id}`).expect(200);
  expect(body.creator.username).toBe('moved');
});

test('who takes over a name that was given up gets no post of it', async () => {
  const former = await api.signUp({ username: 'givenup' });
  const { id } = await writePost(former);
  await former.agent.patch(`${USERS}/givenup`).send({ username: 'former' }).expect(200);
  await api.signUp({ username: 'givenup', email: 'heir@example.com' });
  const { body } = await api.http.get(`${USERS}/givenup/posts`).expect(200);
  expect(body.total_count).toBe(0);
  await refused(api.http.get(`${USERS}/givenup/posts/${id}`), 404, 'post_not_found');
});
