import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { type Post, writePost } from '../posts/posts.js';

const ROUTES = [
  ['get', '/admin/users'],
  ['get', '/admin/users/someone'],
  ['patch', '/admin/users/someone'],
  ['delete', '/admin/users/someone'],
  ['post', '/admin/users/someone/restore'],
  ['delete', '/admin/posts/{post_id}'],
  ['post', '/admin/posts/{post_id}/restore'],
] as const;

let api: Api;
let root: User;
let someone: User;
let post: Post;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  someone = await api.signUp({ username: 'someone' });
  post = await writePost(someone);
});
afterAll(() => api.stop());

describe.each(ROUTES)('%s %s', (method, path) => {
  const pathOf = ({ id }: Post) => PREFIX + path.replace('{post_id}', String(id));

  test('is closed to users, even where it is about themselves', async () => {
    await refused(someone.agent[method](pathOf(post)), 403, 'superuser_only');
    await api.http.get(`${PREFIX}/posts/${post.id}`).expect(200);
  });

  test('is closed to those who are not signed in', async () => {
    const { headers } = await refused(api.http[method](pathOf(post)), 401, 'not_signed_in');
    expect(headers['www-authenticate']).toBe('Bearer');
  });
});

test('promotion and demotion take effect with the next request of the user', async () => {
  const user = await api.signUp();
  const grant = (is_superuser: boolean) =>
    root.agent.patch(`${PREFIX}/admin/users/${user.username}`).send({ is_superuser }).expect(200);
  const asSuperuser = () => user.agent.get(`${PREFIX}/admin/users`);

  expect((await grant(true)).body.is_superuser).toBe(true);
  await asSuperuser().expect(200);
  expect((await user.agent.get(`${PREFIX}/users/me`).expect(200)).body.is_superuser).toBe(true);

  expect((await grant(false)).body.is_superuser).toBe(false);
  await refused(asSuperuser(), 403, 'superuser_only');
});

test.each([['true'], [1], [null]])('is_superuser is not %j', async (is_superuser) => {
  const sent = root.agent.patch(`${PREFIX}/admin/users/someone`).send({ is_superuser });
  const { body } = await refused(sent, 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'is_superuser', message: expect.any(String) }]);
});

test('superusers leave the accounts and posts of others alone outside of /admin', async () => {
  const user = await api.signUp();
  const { id } = await writePost(user);
  const account = `${PREFIX}/users/${user.username}`;
  await refused(root.agent.patch(account).send({ name: 'Moderated' }), 403, 'not_your_account');
  await refused(root.agent.delete(account), 403, 'not_your_account');
  await refused(root.agent.patch(`${account}/posts/${id}`).send({ title: 'Moderated' }), 403, 'not_your_post');
  await refused(root.agent.delete(`${account}/posts/${id}`), 403, 'not_your_post');
});
