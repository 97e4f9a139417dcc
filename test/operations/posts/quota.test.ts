/** What a user may have stored of posts, whoever writes at the same time and however. */
import { type Api, PREFIX, refused, startApi, type User } from '../../support/api.js';
import { writePost } from '../../posts/posts.js';
import { freePort, start } from '../../support/program.js';
import { ended } from '../../tasks/watch.js';

const POSTS = 5;
const BYTES = 1_000;
const TITLE = 'Tötle';
const SIZE = 100;
// Two bytes a letter: characters are not what is counted.
const TEXT = 'ö'.repeat((SIZE - Buffer.byteLength(TITLE)) / 2);
const SETTINGS = { POSTS_MAX_PER_OWNER: String(POSTS), POSTS_MAX_BYTES_PER_OWNER: String(BYTES) };

let api: Api;
let root: User;
let metrics: string;
beforeAll(async () => {
  metrics = `http://127.0.0.1:${await freePort()}`;
  api = await startApi({ ...SETTINGS, METRICS_PORT: new URL(metrics).port });
  root = await api.superuser();
});
afterAll(() => api.stop());

const write = (user: User, text = TEXT) =>
  user.agent.post(`${PREFIX}/users/${user.username}/posts`).send({ title: TITLE, text });
const pathOf = (user: User, { id }: { id: number }) => `${PREFIX}/users/${user.username}/posts/${id}`;

async function usageOf({ id }: User): Promise<{ posts: number; bytes: number } | undefined> {
  const select = 'SELECT posts, bytes::int FROM post_usage WHERE user_id = $1';
  return (await api.database.query<{ posts: number; bytes: number }>(select, [id]))[0];
}

/** What the posts themselves say. */
async function truthOf({ id }: User): Promise<{ posts: number; bytes: number }> {
  const select = `SELECT count(*)::int AS posts, coalesce(sum(octet_length(title || text || coalesce(media_url, ''))), 0)::int AS bytes
    FROM post WHERE created_by_user_id = $1`;
  return (await api.database.query<{ posts: number; bytes: number }>(select, [id]))[0]!;
}

test('a user may have so many posts', async () => {
  const user = await api.signUp();
  for (let n = 0; n < POSTS; n++) await write(user).expect(201);
  await refused(write(user), 409, 'post_quota_exceeded');
  expect(await usageOf(user)).toEqual({ posts: POSTS, bytes: POSTS * SIZE });
  await write(await api.signUp()).expect(201);
  const text = await (await fetch(`${metrics}/metrics`)).text();
  expect(text).toMatch(/^posts_refused_total [1-9]/m);
});

test('a user may have so many bytes in posts, new or changed', async () => {
  const user = await api.signUp();
  const post = await writePost(user, { title: TITLE, text: 'x'.repeat(BYTES - SIZE - 6) });
  await refused(write(user, `${TEXT}x`), 409, 'post_quota_exceeded');
  await write(user).expect(201);
  const change = (fields: object) => user.agent.patch(pathOf(user, post)).send(fields);
  await refused(change({ text: `${post.text}x` }), 409, 'post_quota_exceeded');
  await refused(change({ media_url: 'https://example.com' }), 409, 'post_quota_exceeded');
  await change({ text: post.text.toUpperCase() }).expect(200);
  await change({ text: 'short' }).expect(200);
  await change({ media_url: 'https://example.com' }).expect(200);
  expect(await usageOf(user)).toEqual(await truthOf(user));
});

test('of many at once, just as many are written as fit', async () => {
  const user = await api.signUp();
  const answers = await Promise.all(Array.from({ length: 4 * POSTS }, () => write(user)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(POSTS);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(3 * POSTS);
  expect(await usageOf(user)).toEqual(await truthOf(user));
});

test('whoever is above the quota may still write less', async () => {
  const user = await api.signUp();
  const post = await writePost(user);
  await api.database.query('UPDATE post SET text = $2 WHERE id = $1', [post.id, 'x'.repeat(2 * BYTES)]);
  const change = (text: string) => user.agent.patch(pathOf(user, post)).send({ text });
  await change('x'.repeat(2 * BYTES - 1)).expect(200);
  await refused(change('x'.repeat(2 * BYTES)), 409, 'post_quota_exceeded');
});

test('a deleted post counts until it is purged, a restored one once', async () => {
  const user = await api.signUp();
  const posts = [];
  for (let n = 0; n < POSTS; n++) posts.push(await writePost(user));
  const admin = ({ id }: { id: number }) => `${PREFIX}/admin/posts/${id}`;
  for (const post of posts) await user.agent.delete(pathOf(user, post)).expect(204);
  await refused(write(user), 409, 'post_quota_exceeded');
  await root.agent.post(`${admin(posts[0]!)}/restore`).expect(200);
  expect(await usageOf(user)).toEqual(await truthOf(user));
  await root.agent.delete(admin(posts[1]!)).expect(204);
  await write(user).expect(201);
  await refused(write(user), 409, 'post_quota_exceeded');
  expect(await usageOf(user)).toEqual(await truthOf(user));
});

test('many posts of several users, written and purged by one statement, are counted', async () => {
  const users = await Promise.all([api.signUp(), api.signUp()]);
  const ids = users.map(({ id }) => id);
  await api.database.query(
    `INSERT INTO post (title, text, created_by_user_id) SELECT 'Many', repeat('ö', n), id
     FROM generate_series(1, 500) n, unnest($1::bigint[]) id`,
    [ids],
  );
  await api.database.query(`DELETE FROM post WHERE created_by_user_id = ANY($1) AND id % 3 = 0`, [ids]);
  await api.database.query(`UPDATE post SET text = text || 'x' WHERE created_by_user_id = ANY($1) AND id % 2 = 0`, [
    ids,
  ]);
  for (const user of users) expect(await usageOf(user)).toEqual(await truthOf(user));
  await root.agent.delete(`${PREFIX}/admin/users/${users[0].username}`).expect(204);
  expect(await usageOf(users[0])).toBeUndefined();
  expect(await truthOf(users[0])).toEqual({ posts: 0, bytes: 0 });
});

test('a deleted post is purged after 30 days', async () => {
  const user = await api.signUp();
  const posts = [await writePost(user), await writePost(user), await writePost(user)];
  for (const post of posts.slice(1)) await user.agent.delete(pathOf(user, post)).expect(204);
  await api.database.query(`UPDATE post SET deleted_at = now() - interval '31 days' WHERE id = $1`, [posts[1]!.id]);
  const worker = await start('worker', { ...api.env, METRICS_PORT: undefined });
  const [task] = await api.database.query<{ id: number }>(
    `INSERT INTO task (name, payload) VALUES ('expired_posts', '{}') RETURNING id::int`,
  );
  await ended(root, `${PREFIX}/tasks/${task!.id}`);
  await worker.stop();
  const left = await api.database.query<{ id: number }>(
    'SELECT id::int FROM post WHERE created_by_user_id = $1 ORDER BY id',
    [user.id],
  );
  expect(left.map(({ id }) => id)).toEqual([posts[0]!.id, posts[2]!.id]);
  expect(await usageOf(user)).toEqual(await truthOf(user));
});
