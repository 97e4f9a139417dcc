/** What a user may have stored of comments, and for how long. */
import { commentsOf, newThread, pathOf, type Place, say } from '../../comments/comments.js';
import { writePost } from '../../posts/posts.js';
import { type Api, PREFIX, refused, startApi, type User } from '../../support/api.js';
import { freePort, start } from '../../support/program.js';
import { ended } from '../../tasks/watch.js';

const COMMENTS = 5;
const BYTES = 1_000;
const REPORTS = 2;

let api: Api;
let root: User;
let post: Place;
let metrics: string;
beforeAll(async () => {
  metrics = `http://127.0.0.1:${await freePort()}`;
  api = await startApi({
    COMMENTS_MAX_PER_OWNER: String(COMMENTS),
    COMMENTS_MAX_BYTES_PER_OWNER: String(BYTES),
    COMMENT_REPORTS_MAX_PER_OWNER: String(REPORTS),
    METRICS_PORT: new URL(metrics).port,
  });
  root = await api.superuser();
  post = await writePost(await api.signUp());
});
afterAll(() => api.stop());

const write = (user: User, text = 'A text') => user.agent.post(commentsOf(post)).send({ text });

/** What triggers have counted, and what the comments themselves say. */
async function usageOf({ id }: User) {
  const [counted] = await api.database.query('SELECT comments, bytes::int FROM comment_usage WHERE user_id = $1', [id]);
  const [truth] = await api.database.query(
    `SELECT count(*)::int AS comments, coalesce(sum(octet_length(text)), 0)::int AS bytes FROM comment
     WHERE created_by_user_id = $1`,
    [id],
  );
  return { counted, truth };
}

async function expectCounted(user: User): Promise<void> {
  const { counted, truth } = await usageOf(user);
  expect(counted).toEqual(truth);
}

test('a user may have so many comments, deleted ones included, also of many at once', async () => {
  const user = await api.signUp();
  const answers = await Promise.all(Array.from({ length: 3 * COMMENTS }, () => write(user)));
  const written = answers.filter(({ status }) => status === 201);
  expect(written).toHaveLength(COMMENTS);
  expect(answers.filter(({ body }) => body.code === 'comment_quota_exceeded')).toHaveLength(2 * COMMENTS);
  await user.agent.delete(pathOf(written[0]!.body)).expect(204);
  await refused(write(user), 409, 'comment_quota_exceeded');
  await expectCounted(user);
  await write(await api.signUp()).expect(201);
  expect(await (await fetch(`${metrics}/metrics`)).text()).toMatch(/^comments_refused_total [1-9]/m);
});

test('a user may have so many bytes in comments, new or changed', async () => {
  const user = await api.signUp();
  const comment = await say(user, post, undefined, 'ö'.repeat(400));
  await refused(write(user, 'ö'.repeat(101)), 409, 'comment_quota_exceeded');
  await write(user, 'ö'.repeat(100)).expect(201);
  const change = (text: string) => user.agent.patch(pathOf(comment)).send({ text });
  await refused(change('ö'.repeat(401)), 409, 'comment_quota_exceeded');
  await change('x'.repeat(800)).expect(200);
  await change('short').expect(200);
  await expectCounted(user);
});

test('a user may have so many reports', async () => {
  const user = await api.signUp();
  const thread = await newThread(api);
  const report = (comment: { post_id: number; id: number }) =>
    user.agent.post(`${pathOf(comment)}/reports`).send({ reason: 'No' });
  await report(thread.first).expect(201);
  const { body } = await report(thread.reply).expect(201);
  await refused(report(thread.last), 409, 'report_quota_exceeded');
  await root.agent.delete(`${PREFIX}/admin/comments/reports/${body.id}`).expect(204);
  await report(thread.last).expect(201);
});

test('a deleted comment is purged after 30 days; with replies, it becomes an empty tombstone', async () => {
  const { ada, bob, eve, first, reply, last } = await newThread(api);
  const young = await say(ada, post);
  for (const [user, one] of [
    [ada, first],
    [eve, last],
    [ada, young],
  ] as const)
    await user.agent.delete(pathOf(one)).expect(204);
  await api.database.query(`UPDATE comment SET deleted_at = now() - interval '31 days' WHERE id = ANY($1)`, [
    [first.id, last.id],
  ]);
  const worker = await start('worker', { ...api.env, METRICS_PORT: undefined });
  const [task] = await api.database.query<{ id: number }>(
    `INSERT INTO task (name, payload) VALUES ('expired_comments', '{}') RETURNING id::int`,
  );
  const { result } = await ended(root, `${PREFIX}/tasks/${task!.id}`);
  await worker.stop();
  expect(result).toEqual({ deleted: 1, emptied: 1 });
  const left = await api.database.query<{ id: number; text: string | null }>(
    'SELECT id::int, text FROM comment WHERE id = ANY($1) ORDER BY id',
    [[first.id, reply.id, last.id, young.id]],
  );
  expect(left.map(({ id, text }) => [id, text !== null])).toEqual([
    [first.id, false],
    [reply.id, true],
    [young.id, true],
  ]);
  for (const user of [ada, bob, eve]) await expectCounted(user);
});
