import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { line, trailOf, visit } from '../support/trail.js';
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

  test('is for superusers too, who hold every permission', async () => {
    await refused(root.agent[method](pathUnder(root.username)).send({ title: 'Edited' }), 404, 'post_not_found');
    await expectUntouched();
    const { status } = await root.agent[method](pathUnder(author.username)).send({ title: 'Edited' });
    expect(status).toBe(method === 'patch' ? 200 : 204);
    const rows = await api.database.query('SELECT title, is_deleted FROM post WHERE id = $1', [post.id]);
    expect(rows).toEqual([
      method === 'patch' ? { title: 'Edited', is_deleted: false } : { title: 'Untouched', is_deleted: true },
    ]);
  });

  test('is in the audit trail with the permission, unless its author does it', async () => {
    const body = method === 'patch' ? { title: 'Edited' } : undefined;
    const route = `${PREFIX}/users/:username/posts/:post_id`;
    const target = { username: author.username, post_id: String(post.id) };
    const act = { method: method.toUpperCase(), route, target, fields: Object.keys(body ?? {}), is_done: true };
    const asked = { path: pathUnder(author.username), method: act.method, body };
    const [editor, writer] = [await visit(api, root, api.env.ADMIN_PASSWORD), await visit(api, author)];
    const answer = await editor.ask(asked);
    const more = { ...act, user_agent: undefined, permission: 'posts.edit_any' };
    expect(await trailOf(api, answer)).toEqual([line('admin_act', editor, answer, more)]);
    post = await writePost(author);
    const own = await writer.ask({ ...asked, path: pathUnder(author.username) });
    expect([own.status, await trailOf(api, own)]).toEqual([answer.status, []]);
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
