/** Tasks that wait: for the commit, for their time, for their turn. The worker comes last. */
import { PREFIX } from '../../support/api.js';
import { aWhile, enqueue, idOf, type Lab, post, runsOf, startLab } from '../../support/lab.js';
import { until } from '../../support/program.js';
import { ended } from '../../tasks/watch.js';

const MANY = 150;

let lab: Lab;
let urgent: string[];
let delayed: string;
let committed: string;
let rolledBack: string;
let cancelled: string[];
let hammered: { path: string; status: number }[];

beforeAll(async () => {
  lab = await startLab();
  const { user } = lab;
  urgent = [];
  for (const name of ['lab_less_urgent', 'lab_urgent', 'lab_pauses']) {
    for (let n = 0; n < 3; n++) urgent.push(await post(user, name));
  }
  delayed = await enqueue(user, 'lab_pauses', { options: { delay: 3 } });
  committed = await enqueue(user, 'lab_pauses', { end: 'commit' });
  rolledBack = await enqueue(user, 'lab_pauses', { end: 'rollback' });
  cancelled = [await post(user, 'lab_pauses'), await enqueue(user, 'lab_pauses', { options: { delay: 1 } })];
  for (const path of cancelled) await user.agent.delete(path).expect(204);
  const paths = await Promise.all(Array.from({ length: MANY }, () => post(user, 'lab_pauses', { milliseconds: 2 })));
  hammered = await cancelAllWhile(lab.startWorker({ WORKER_CONCURRENCY: '1' }), paths);
});
afterAll(() => lab.stop());

/** Cancels some before the worker is there, and the rest while it works through them. */
async function cancelAllWhile(working: Promise<unknown>, paths: string[]): Promise<typeof hammered> {
  const answers: typeof hammered = [];
  const cancel = async (path: string) => {
    const { status } = await lab.user.agent.delete(path);
    answers.push({ path, status });
  };
  for (const path of paths.slice(0, 20)) await cancel(path);
  await working;
  const [first, last] = [paths[20]!, paths.at(-1)!];
  await until(async () => (await lab.user.agent.get(first)).body.status !== 'queued');
  // From both ends, as the worker meets them in the middle.
  const rest = paths.slice(20, -1).toReversed();
  await Promise.all([cancel(last), ...[0, 1, 2, 3].map((lane) => inLane(rest, lane, cancel))]);
  return answers;
}

async function inLane(paths: string[], lane: number, cancel: (path: string) => Promise<void>): Promise<void> {
  for (const path of paths.filter((_, index) => index % 4 === lane)) await cancel(path);
}

test('a task that is cancelled stays so, and any other is run', async () => {
  expect(hammered).toHaveLength(MANY);
  const contradictions: object[] = [];
  for (const { path, status } of hammered) {
    const task = await ended(lab.user, path);
    const runs = (await runsOf(lab, path)).length;
    // One that is just beginning may be cut short.
    const isRight =
      status === 204 ? task.status === 'cancelled' && runs <= 1 : task.status === 'completed' && runs === 1;
    if (!isRight || ![204, 409].includes(status)) contradictions.push({ path, status, task, runs });
  }
  expect(contradictions).toEqual([]);
  const counts = [204, 409].map((status) => hammered.filter((one) => one.status === status).length);
  expect(Math.min(...counts)).toBeGreaterThan(0);
});

test('tasks without a priority run first, then those with the lowest number', async () => {
  const runs = await Promise.all(
    urgent.map(async (path) => {
      await ended(lab.user, path);
      return (await runsOf(lab, path))[0]!;
    }),
  );
  const order = runs.toSorted((a, b) => a.began_at.getTime() - b.began_at.getTime()).map(({ name }) => name);
  const expected = ['lab_pauses', 'lab_urgent', 'lab_less_urgent'].flatMap((name) => [name, name, name]);
  expect(order).toEqual(expected);
});

test('a task that is to begin later is delayed until then', async () => {
  const { created_at } = await ended(lab.user, delayed);
  const [begun] = await runsOf(lab, delayed);
  expect(begun!.began_at.getTime() - Date.parse(created_at)).toBeGreaterThan(2_950);
  const later = await enqueue(lab.user, 'lab_pauses', { options: { delay: 600 } });
  expect((await lab.user.agent.get(later).expect(200)).body).toMatchObject({ status: 'delayed', started_at: null });
  // Also when the queue knows it.
  await until(async () => (await relayedAt(later)) !== null);
  await lab.user.agent.delete(later).expect(204);
  await until(async () => (await jobsOf(later)).length === 0);
});

async function relayedAt(path: string): Promise<Date | null> {
  const sql = 'SELECT relayed_at FROM task WHERE id = $1';
  const [row] = await lab.api.database.query<{ relayed_at: Date | null }>(sql, [idOf(path)]);
  return row!.relayed_at;
}

function jobsOf(path: string): Promise<object[]> {
  return lab.api.database.query(`SELECT id FROM bullmq.job WHERE id LIKE 'task-' || $1 || '-%'`, [idOf(path)]);
}

test('a task is queued if its transaction commits, and not if it rolls back', async () => {
  expect(await ended(lab.user, committed)).toMatchObject({ status: 'completed' });
  const late = await enqueue(lab.user, 'lab_pauses', { end: 'rollback' });
  await aWhile();
  for (const path of [rolledBack, late]) {
    await lab.user.agent.get(path).expect(404);
    expect(await runsOf(lab, path)).toEqual([]);
    expect(await jobsOf(path)).toEqual([]);
  }
});

test('what was cancelled before a worker came never runs', async () => {
  await aWhile();
  for (const path of cancelled) {
    expect((await lab.user.agent.get(path).expect(200)).body.status).toBe('cancelled');
    expect(await runsOf(lab, path)).toEqual([]);
  }
});

test('tasks of one name and key are one task, also from many at once', async () => {
  const options = { job_key: 'monthly' };
  const paths = await Promise.all(Array.from({ length: 20 }, () => enqueue(lab.user, 'lab_pauses', { options })));
  expect(new Set(paths).size).toBe(1);
  await ended(lab.user, paths[0]!);
  const inside = await enqueue(lab.user, 'lab_pauses', { options, end: 'commit' });
  expect(inside).toBe(paths[0]);
  expect(await runsOf(lab, paths[0]!)).toHaveLength(1);
  const others = [
    await enqueue(lab.user, 'lab_urgent', { options }),
    await enqueue(lab.user, 'lab_pauses', { options: { job_key: 'weekly' } }),
  ];
  expect(new Set([...paths, ...others]).size).toBe(3);
});

test('a bad payload is refused when code queues it', async () => {
  const body = { name: 'lab_fails', payload: { kind: 'unknown' } };
  const { body: problem } = await lab.user.agent.post(`${PREFIX}/lab/tasks`).send(body).expect(422);
  expect(problem.errors).toEqual([{ field: 'payload.kind', message: expect.any(String) }]);
});
