import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { type Post, writePost } from './posts.js';

let api: Api;
let author: User;
let other: User;
let root: User;
let post: Post;
beforeAll(async () => {
  api = await useApi();
  [author, other, root] = [await api.signUp(), await api.signUp(), await api.superuser()];
});
beforeEach(async () => {
  post = await writePost(author, { title: 'Untouched' });
});
afterAll(() => api.stop());

function pathUnder(username: string, id: number | string = post.id): string {
  return `${PREFIX}/users/${username}/posts/${id}`;
}

async function expectUntouched(): Promise<void> {
  const { body } = await api.http.get(pathUnder(author.username)).expect(200);
  expect(body).toEqual(post);
}

describe.each(['patch', 'delete'] as const)('%s of a post', (method) => {
  test('finds nothing of others under the own name', async () => {
    await refused(other.agent[method](pathUnder(other.username)).send({ title: 'Mine' }), 404, 'post_not_found');
    await expectUntouched();
  });

  test('is for its author', async () => {
    await refused(other.agent[method](pathUnder(author.username)).send({ title: 'Mine' }), 403, 'not_your_post');
    await expectUntouched();
  });

  test('is for no superuser, outside of /admin', async () => {
    await refused(root.agent[method](pathUnder(author.username)).send({ title: 'Mine' }), 403, 'not_your_post');
    await expectUntouched();
  });

  test('is for those who are signed in', async () => {
    await refused(api.http[method](pathUnder(author.username)).send({ title: 'Mine' }), 401, 'not_signed_in');
    await expectUntouched();
  });

  test('finds nothing under a name that nobody has', async () => {
    await refused(author.agent[method](pathUnder('nobody')).send({ title: 'Mine' }), 404, 'post_not_found');
    await expectUntouched();
  });

  test.each(['0', '-1', '1.0', '01', 'abc', '999999999', '9223372036854775808', '1e1', '%00'])(
    'finds nothing under the id %s',
    async (id) => {
      const sent = author.agent[method](pathUnder(author.username, id)).send({ title: 'Mine' });
      await refused(sent, 404, 'post_not_found');
    },
  );

  test('finds nothing that is deleted', async () => {
    await author.agent.delete(pathUnder(author.username)).expect(204);
    await refused(author.agent[method](pathUnder(author.username)).send({ title: 'Back' }), 404, 'post_not_found');
    const rows = await api.database.query('SELECT title, is_deleted FROM post WHERE id = $1', [post.id]);
    expect(rows).toEqual([{ title: 'Untouched', is_deleted: true }]);
  });
});
