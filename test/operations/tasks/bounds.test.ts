/** What one user may have of tasks, so that others get theirs. */
import { PREFIX, refused, type User } from '../../support/api.js';
import { type Lab, post, run, startLab } from '../../support/lab.js';
import { expectOnceBelow, freePort, until } from '../../support/program.js';
import { begun } from '../../tasks/cancelling.js';
import { runNow } from '../../tasks/clean-ups.js';
import { ended } from '../../tasks/watch.js';

const MOST = 10;
const RUNNING = 2;
const KEPT = 20;
const LONG = { message: 'long', seconds: 600 };

let lab: Lab;
let ports: { api: number; worker: number };
beforeAll(async () => {
  ports = { api: await freePort(), worker: await freePort() };
  const bounds = { TASKS_MAX_PER_OWNER: MOST, TASKS_MAX_RUNNING_PER_OWNER: RUNNING, TASKS_MAX_KEPT_PER_OWNER: KEPT };
  const settings = Object.entries(bounds).map(([name, value]) => [name, String(value)]);
  lab = await startLab({ ...Object.fromEntries(settings), METRICS_PORT: String(ports.api) });
  await lab.startWorker({ METRICS_PORT: String(ports.worker), WORKER_CONCURRENCY: '4' });
});
afterAll(() => lab.stop());

async function metricOf(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:{.*})? (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** Posts so many long tasks; the paths of those that are accepted. */
async function fill(user: User, count = MOST): Promise<string[]> {
  const body = { name: 'sample', payload: LONG };
  const answers = await Promise.all(Array.from({ length: count }, () => user.agent.post(`${PREFIX}/tasks`).send(body)));
  return answers.filter(({ status }) => status === 202).map(({ headers }) => headers.location!);
}

async function statusesOf(user: User): Promise<Record<string, number>> {
  const rows = await lab.api.database.query<{ status: string; n: number }>(
    'SELECT status, count(*)::int AS n FROM task WHERE owner_user_id = $1 GROUP BY status',
    [user.id],
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

async function cancelAll(user: User): Promise<void> {
  const sql = `SELECT id FROM task WHERE owner_user_id = $1 AND finished_at IS NULL`;
  const rows = await lab.api.database.query<{ id: string }>(sql, [user.id]);
  await Promise.all(rows.map(({ id }) => user.agent.delete(`${PREFIX}/tasks/${id}`).expect(204)));
}

test('of tasks that are posted at once no more are accepted than one user may have', async () => {
  const user = await lab.api.signUp();
  expect(await fill(user, 5 * MOST)).toHaveLength(MOST);
  const one = () => user.agent.post(`${PREFIX}/tasks`).send({ name: 'sample', payload: LONG });
  const { headers } = await refused(one(), 429, 'too_many_tasks');
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(await metricOf(ports.api, 'tasks_refused_total')).toBeGreaterThanOrEqual(4 * MOST + 1);
  // Each that ends makes room for another.
  const [path] = await fill(await lab.api.signUp(), 1);
  await lab.root.agent.delete(path!).expect(204);
  await refused(one(), 429, 'too_many_tasks');
  await cancelAll(user);
  await one().expect(202);
  await cancelAll(user);
});

test('of one user’s tasks so many run at once, and others’ begin beside them', async () => {
  const [greedy, other] = [await lab.api.signUp(), await lab.api.signUp()];
  const paths = await fill(greedy);
  await until(async () => (await statusesOf(greedy)).active === RUNNING);
  expect(await metricOf(ports.worker, 'tasks_held_back')).toBe(MOST - RUNNING);
  await expectOnceBelow(1_000, async () => {
    const before = Date.now();
    const { status, started_at, created_at } = await run(other, 'sample', { message: 'quick', seconds: 0 });
    expect(status).toBe('completed');
    expect(Date.now() - before).toBeLessThan(5_000);
    return Date.parse(started_at!) - Date.parse(created_at);
  });
  expect(await statusesOf(greedy)).toEqual({ active: RUNNING, queued: MOST - RUNNING });
  await greedy.agent.delete(paths[0]!).expect(204);
  await until(async () => (await statusesOf(greedy)).active === RUNNING, 5_000);
  expect(await statusesOf(greedy)).toEqual({ active: RUNNING, queued: MOST - RUNNING - 1, cancelled: 1 });
  await cancelAll(greedy);
});

test('a user’s tasks run in their order, each as soon as one has ended', async () => {
  const user = await lab.api.signUp();
  const paths: string[] = [];
  for (let n = 0; n < MOST; n++) paths.push(await post(user, 'lab_pauses', { milliseconds: 50 }));
  const tasks = await Promise.all(paths.map((path) => ended(user, path)));
  const begins = tasks.map(({ started_at }) => Date.parse(started_at!));
  expect(begins).toEqual(begins.toSorted((a, b) => a - b));
  // By the look that is taken once a second it would be three seconds at least.
  expect(begins.at(-1)! - begins[0]!).toBeLessThan(2_900);
});

test('maintenance runs while users’ tasks take all places', async () => {
  const users = [await lab.api.signUp(), await lab.api.signUp()];
  for (const user of users) await fill(user);
  await until(async () => (await Promise.all(users.map(statusesOf))).every(({ active }) => active === RUNNING));
  const waits = await post(await lab.api.signUp(), 'sample', { message: 'quick', seconds: 0 });
  expect(await runNow(lab, 'expired_sessions')).toEqual({ deleted: expect.any(Number) });
  expect((await lab.root.agent.get(waits)).body.status).toBe('queued');
  await Promise.all(users.map(cancelAll));
  expect(await ended(lab.root, waits)).toMatchObject({ status: 'completed' });
});

test('of what has ended the newest are kept of each user', async () => {
  const user = await lab.api.signUp();
  await lab.api.database.query(
    `INSERT INTO task (name, payload, owner_user_id, status, relayed_at, finished_at, expires_at)
     SELECT 'sample', '{}', $1, 'completed', now(), now(), now() + interval '1 day' FROM generate_series(1, $2::int)`,
    [user.id, KEPT + 5],
  );
  const live = await begun(user, 'lab_pauses', { milliseconds: 60_000 });
  const newest = await lab.api.database.query(
    'SELECT id FROM task WHERE owner_user_id = $1 ORDER BY id DESC LIMIT $2::int',
    [user.id, KEPT + 1],
  );
  await runNow(lab, 'expired_tasks');
  const left = await lab.api.database.query('SELECT id FROM task WHERE owner_user_id = $1 ORDER BY id DESC', [user.id]);
  expect(left).toEqual(newest);
  await user.agent.delete(live).expect(204);
});

test('a task that needs too much memory fails alone', async () => {
  const user = await lab.api.signUp();
  const beside = await begun(user, 'lab_pauses', { milliseconds: 60_000 });
  const task = await run(user, 'lab_hungry');
  expect(task).toMatchObject({ status: 'failed', attempts: 1, error: expect.stringMatching(/needs more memory than/) });
  expect((await user.agent.get(beside)).body).toMatchObject({ status: 'active', attempts: 1 });
  await user.agent.delete(beside).expect(204);
});
