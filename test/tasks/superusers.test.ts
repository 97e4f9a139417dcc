/** What superusers see and do of everyone's tasks, without a worker in between. */
import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';

const ADMIN = `${PREFIX}/admin/tasks`;

let api: Api;
let root: User;
let owner: User;
beforeAll(async () => {
  api = await useApi();
  [root, owner] = [await api.superuser(), await api.signUp()];
});
afterAll(() => api.stop());

/** A task in that state; its id. */
async function taskThatIs(status: string, error: string | null = null): Promise<number> {
  const task = { name: 'sample', payload: { message: 'hi' } };
  const { id } = (await owner.agent.post(`${PREFIX}/tasks`).send(task).expect(202)).body;
  const sql = 'UPDATE task SET status = $2, error = $3, attempts = 3, round = 2, relayed_at = now() WHERE id = $1';
  if (status !== 'queued') await api.database.query(sql, [id, status, error]);
  return id as number;
}

test('superusers list failed tasks with payload, owner, error and attempts', async () => {
  const failed = [await taskThatIs('failed', 'no luck'), await taskThatIs('failed')];
  await taskThatIs('completed');
  const { body } = await root.agent.get(`${ADMIN}?status=failed`).expect(200);
  expect(body).toMatchObject({ total_count: 2, has_more: false, page: 1 });
  expect(body.data.map(({ id }: { id: number }) => id)).toEqual(failed.toReversed());
  expect(body.data[1]).toMatchObject({
    name: 'sample',
    status: 'failed',
    payload: { message: 'hi' },
    owner_user_id: owner.id,
    error: 'no luck',
    attempts: 3,
  });
  const one = await root.agent.get(`${ADMIN}/${failed[0]}`).expect(200);
  expect(one.body).toEqual(body.data[1]);
});

test('a cursor of one status is none of another', async () => {
  await taskThatIs('failed');
  await taskThatIs('failed');
  const { body } = await root.agent.get(`${ADMIN}?status=failed&after=&items_per_page=1`).expect(200);
  expect(body.next).toEqual(expect.any(String));
  await root.agent.get(`${ADMIN}?status=failed&after=${body.next}`).expect(200);
  for (const query of ['', 'status=queued&'])
    await refused(root.agent.get(`${ADMIN}?${query}after=${body.next}`), 422, 'validation_failed');
});

test.each(['unknown', '', 'failed,queued', 'FAILED'])('the status %j is refused', async (status) => {
  const { body } = await refused(root.agent.get(ADMIN).query({ status }), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'status', message: expect.any(String) }]);
});

test('a failed task that is tried again is as good as new', async () => {
  const id = await taskThatIs('failed', 'no luck');
  const { body } = await root.agent.post(`${ADMIN}/${id}/retry`).expect(200);
  const task = { id, status: 'queued', attempts: 0, progress: 0, error: null, started_at: null, finished_at: null };
  expect(body).toMatchObject({ ...task, payload: { message: 'hi' }, owner_user_id: owner.id });
  await refused(root.agent.post(`${ADMIN}/${id}/retry`), 409, 'task_not_failed');
});

test('many who try one task again at once queue it once', async () => {
  const id = await taskThatIs('failed');
  const answers = await Promise.all(Array.from({ length: 8 }, () => root.agent.post(`${ADMIN}/${id}/retry`)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(7).fill(409)]);
  const [row] = await api.database.query('SELECT round::int FROM task WHERE id = $1', [id]);
  expect(row).toEqual({ round: 3 });
});

test.each(['queued', 'delayed', 'active', 'completed', 'cancelled'])(
  'a task that is %s is not tried again',
  async (status) => {
    const id = await taskThatIs(status);
    await refused(root.agent.post(`${ADMIN}/${id}/retry`), 409, 'task_not_failed');
  },
);

test.each(['queued', 'completed', 'failed', 'cancelled'])('a task that is %s can be discarded', async (status) => {
  const id = await taskThatIs(status);
  await root.agent.delete(`${ADMIN}/${id}`).expect(204);
  await refused(root.agent.get(`${ADMIN}/${id}`), 404, 'task_not_found');
  await refused(root.agent.delete(`${ADMIN}/${id}`), 404, 'task_not_found');
});

test.each([ADMIN, `${PREFIX}/tasks`])('a running task of someone else is cancelled at %s', async (path) => {
  const id = await taskThatIs('active');
  await root.agent.delete(`${path}/${id}`).expect(204);
  const { body } = await root.agent.get(`${ADMIN}/${id}`).expect(200);
  expect(body).toMatchObject({ status: 'cancelled', finished_at: expect.any(String) });
});

test('nobody else sees or does any of it', async () => {
  const id = await taskThatIs('failed');
  await refused(owner.agent.get(ADMIN), 403, 'permission_required');
  await refused(owner.agent.get(`${ADMIN}/${id}`), 403, 'permission_required');
  await refused(owner.agent.post(`${ADMIN}/${id}/retry`), 403, 'superuser_only');
  await refused(owner.agent.delete(`${ADMIN}/${id}`), 403, 'superuser_only');
  expect((await root.agent.get(`${ADMIN}/${id}`).expect(200)).body.status).toBe('failed');
});
