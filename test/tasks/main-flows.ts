/** What clients do with tasks, wherever the queue is. */
import { PREFIX, refused, type User } from '../support/api.js';
import { effectsOf, enqueue, idOf, type Lab, post, runsOf } from '../support/lab.js';
import { until } from '../support/program.js';
import { cancelsWhatRuns } from './cancelling.js';
import { follow } from './events.js';
import { type Queue, trustsRows } from './forging.js';
import { ended } from './watch.js';

export function runsTasks(lab: () => Lab, queue: Queue): void {
  cancelsWhatRuns(lab);
  trustsRows(lab, queue);

  test('a task that is posted tells its progress, then its result', async () => {
    const { api, user } = lab();
    const path = await post(user, 'sample', { message: 'hello', seconds: 1 });
    const { events } = await follow(api.program.url, path, user);
    expect(new Set(events.map(({ data }) => data.progress)).size).toBeGreaterThan(3);
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { status: 'completed', progress: 100 } });
    expect(events.at(-1)!.data.result).toBe('Task hello is complete!');
  });

  test('a task that waits in the queue is cancelled, and never runs', async () => {
    const { user, root } = lab();
    const running = await post(user, 'lab_alone', { milliseconds: 2_000 });
    await until(async () => (await user.agent.get(running)).body.status === 'active');
    const [waiting, discarded] = [await post(user, 'lab_alone'), await post(user, 'lab_alone')];
    const delayed = await enqueue(user, 'lab_pauses', { options: { delay: 2 } });
    for (const path of [waiting, discarded, delayed]) await until(() => isRelayed(lab(), path));
    await user.agent.delete(waiting).expect(204);
    await user.agent.delete(delayed).expect(204);
    await root.agent.delete(adminOf(discarded)).expect(204);
    await refused(user.agent.get(discarded), 404, 'task_not_found');
    expect(await ended(user, running)).toMatchObject({ status: 'completed' });
    // Whoever comes later in the same queue is done, so what was cancelled would have been.
    await ended(user, await post(user, 'lab_alone'));
    await ended(user, await enqueue(user, 'lab_pauses', { options: { delay: 2 } }));
    for (const path of [waiting, discarded, delayed]) expect(await runsOf(lab(), path)).toEqual([]);
    await refused(user.agent.delete(running), 409, 'task_ended');
  });

  test('a task that has failed runs again when a superuser says so, and can complete', async () => {
    const { api, user, root } = lab();
    const path = await post(user, 'lab_healed');
    const { id, status } = await ended(user, path);
    expect(status).toBe('failed');
    const { body } = await root.agent.get(`${PREFIX}/admin/tasks?status=failed`).expect(200);
    expect(body.data).toContainEqual(expect.objectContaining({ id, error: 'no luck', owner_user_id: user.id }));
    await api.database.query('INSERT INTO lab_effect (task_id) VALUES ($1)', [id]);
    await root.agent.post(`${adminOf(path)}/retry`).expect(200);
    expect(await ended(user, path)).toMatchObject({ status: 'completed', attempts: 1, result: 'done', error: null });
    expect(await runsOf(lab(), path)).toHaveLength(2);
  });

  test('a task runs again whose worker died too soon to write down what it gave, and one that failed has', async () => {
    const { user } = lab();
    const paths = [await post(user, 'lab_gives', { kind: 'false' }), await post(user, 'lab_fails', { kind: 'error' })];
    const before = await Promise.all(paths.map((path) => ended(user, path)));
    await Promise.all(paths.map((path) => forgetEnd(lab(), path)));
    await until(async () => (await Promise.all(paths.map((path) => isOver(user, path)))).every(Boolean), 25_000);
    const after = await Promise.all(paths.map((path) => ended(user, path)));
    expect(after[0]).toMatchObject({ status: 'completed', attempts: 1, result: false });
    expect(after[1]).toMatchObject({ status: 'failed', attempts: 1, error: expect.stringContaining('worker died') });
    expect((await Promise.all(paths.map((path) => runsOf(lab(), path)))).map(({ length }) => length)).toEqual([2, 1]);
    expect(Math.abs(Date.parse(after[1]!.finished_at!) - Date.parse(before[1]!.finished_at!))).toBeLessThan(2_000);
    expect(await Promise.all(paths.map((path) => daysKept(lab(), path)))).toEqual([1, 14]);
  }, 60_000);

  test('an effect happens once although its task is tried again after it', async () => {
    const path = await post(lab().user, 'lab_once');
    expect(await ended(lab().user, path)).toMatchObject({ status: 'completed', attempts: 3 });
    expect(await effectsOf(lab(), path)).toBe(2);
  });
}

const adminOf = (path: string) => path.replace('/tasks/', '/admin/tasks/');

/** As if the worker had died before it could tell how the task ended, two minutes ago. */
async function forgetEnd({ api }: Lab, path: string): Promise<void> {
  const before = "now() - interval '2 minutes'";
  await api.database.query(
    `UPDATE task SET status = 'active', progress = 0, result = NULL, error = NULL, finished_at = NULL,
       expires_at = NULL, relayed_at = ${before}, updated_at = ${before} WHERE id = $1`,
    [idOf(path)],
  );
}

async function isOver(user: User, path: string): Promise<boolean> {
  return (await user.agent.get(path)).body.finished_at !== null;
}

async function daysKept({ api }: Lab, path: string): Promise<number> {
  const sql = 'SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM task WHERE id = $1';
  return (await api.database.query<{ days: number }>(sql, [idOf(path)]))[0]!.days;
}

async function isRelayed({ api }: Lab, path: string): Promise<boolean> {
  const sql = 'SELECT 1 FROM task WHERE id = $1 AND relayed_at IS NOT NULL';
  return (await api.database.query(sql, [path.split('/').at(-1)])).length === 1;
}
