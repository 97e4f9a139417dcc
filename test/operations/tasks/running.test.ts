/** What becomes of tasks that fail, take too long, limit themselves, or give what is hard to store. */
import { effectsOf, type Lab, post, run, runsOf, startLab } from '../../support/lab.js';
import { freePort, type Program, until } from '../../support/program.js';
import { ended, type Task } from '../../tasks/watch.js';

const TABLE = { result: null, error: null };

let lab: Lab;
let worker: Program;
let metrics: string;
beforeAll(async () => {
  lab = await startLab();
  const METRICS_PORT = String(await freePort());
  metrics = `http://127.0.0.1:${METRICS_PORT}`;
  worker = await lab.startWorker({ METRICS_PORT, LOG_LEVEL: 'debug' });
});
afterAll(() => lab.stop());

test('a task is tried as often as it says, each time after the same pause, and keeps its last error', async () => {
  const path = await post(lab.user, 'lab_fixed');
  expect(await ended(lab.user, path)).toMatchObject({ status: 'failed', attempts: 4, result: null, error: 'no luck' });
  const runs = await runsOf(lab, path);
  expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  const begun = runs.map(({ began_at }) => began_at.getTime());
  for (const at of [1, 2, 3]) expect(begun[at]! - begun[at - 1]!).toBeGreaterThan(950);
  // Twice as long each time would be 7 s.
  expect(begun[3]! - begun[0]!).toBeLessThan(6_500);
});

test('each attempt that has failed is in the log, with what it did with the database where that is asked for', async () => {
  const path = await post(lab.user, 'lab_once_fails');
  await ended(lab.user, path);
  const task_id = Number(path.split('/').at(-1));
  const statementsIn = (all: ReturnType<typeof linesOf>) =>
    all.filter((line) => line.task_id === task_id && line.msg.startsWith('INSERT INTO lab_effect'));
  // The log comes by a pipe, which may be behind.
  await until(() => statementsIn(linesOf(worker)).length === 3);
  const lines = linesOf(worker);
  const failed = lines.filter(({ msg }) => msg.endsWith(`of task lab_once_fails ${task_id} failed: no luck`));
  expect(failed.map(({ level, msg }) => [level, msg.slice(0, 14)])).toEqual([
    [40, 'attempt 1 of 3'],
    [40, 'attempt 2 of 3'],
  ]);
  expect(failed[0]!.stack).toContain('lab-tasks.js');
  expect(statementsIn(lines).map(({ ms }) => typeof ms)).toEqual(['number', 'number', 'number']);
});

function linesOf(program: Program): { level: number; msg: string; [more: string]: unknown }[] {
  const lines = program.output().split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

test.each([
  ['error', 'no luck'],
  ['nul', 'a\ufffdb'],
  ['surrogate', 'a\ufffdb'],
  ['text', 'only text'],
  ['nothing', 'undefined'],
])('what a task throws (%s) is told as %j', async (kind, error) => {
  expect(await run(lab.user, 'lab_fails', { kind })).toMatchObject({ status: 'failed', attempts: 1, error });
});

test.each<[string, Partial<Task>]>([
  ['nothing', { status: 'completed', result: null }],
  ['false', { status: 'completed', result: false }],
  ['nul', { status: 'completed', result: { 'a key': 'a\ufffdb' } }],
  ['surrogate', { status: 'completed', result: ['a\ufffdb', '🔑'] }],
  ['nul_in_a_key', { status: 'failed', error: 'The result has names that cannot be stored' }],
  ['bigint', { status: 'failed', error: expect.stringContaining('BigInt') }],
  ['circle', { status: 'failed', error: expect.stringContaining('circular') }],
  ['symbol', { status: 'failed', error: 'The result cannot be written as JSON' }],
])('a task that gives what is hard to store (%s) ends, and the next one too', async (kind, expected) => {
  expect(await run(lab.user, 'lab_gives', { kind })).toMatchObject({ ...TABLE, ...expected });
});

test.each(['lab_late', 'lab_deaf'])('a task that takes too long (%s) has failed after its time', async (name) => {
  const { status, error, started_at, finished_at } = await run(lab.user, name);
  expect({ status, error }).toEqual({ status: 'failed', error: 'It was not finished after 1 s' });
  const took = Date.parse(finished_at!) - Date.parse(started_at!);
  expect(took).toBeGreaterThan(950);
  expect(took).toBeLessThan(4_900);
});

test('a task that is limited to one at a time runs one at a time, beside others', async () => {
  const payload = { milliseconds: 200 };
  const alone = await Promise.all(Array.from({ length: 5 }, () => post(lab.user, 'lab_alone', payload)));
  const beside = await Promise.all(Array.from({ length: 5 }, () => post(lab.user, 'lab_pauses', payload)));
  await Promise.all([...alone, ...beside].map((path) => ended(lab.user, path)));
  expect(overlaps(await timesOf(alone))).toBe(0);
  expect(overlaps(await timesOf(beside))).toBeGreaterThan(0);
});

async function timesOf(paths: string[]): Promise<{ begin: number; end: number }[]> {
  const runs = (await Promise.all(paths.map((path) => runsOf(lab, path)))).flat();
  expect(runs).toHaveLength(paths.length);
  const times = runs.map(({ began_at, ended_at }) => ({ begin: began_at.getTime(), end: ended_at!.getTime() }));
  return times.toSorted((a, b) => a.begin - b.begin);
}

function overlaps(times: { begin: number; end: number }[]): number {
  return times.filter(({ begin }, index) => index > 0 && begin < times[index - 1]!.end).length;
}

test('an effect that fails leaves nothing behind, and happens in a later attempt', async () => {
  const path = await post(lab.user, 'lab_once_fails');
  expect(await ended(lab.user, path)).toMatchObject({ status: 'completed', attempts: 3, result: 'mine' });
  expect(await effectsOf(lab, path)).toBe(1);
});

test.each([
  ['lab_short_lived', {}, 1],
  ['lab_gives', { kind: 'false' }, 86_400],
  ['lab_gives', { kind: 'bigint' }, 14 * 86_400],
])('what is known of %s %j is kept for %d s', async (name, payload, seconds) => {
  const { id } = await run(lab.user, name, payload);
  const [row] = await lab.api.database.query(
    'SELECT round(extract(epoch FROM expires_at - finished_at))::int AS seconds FROM task WHERE id = $1',
    [id],
  );
  expect(row).toEqual({ seconds });
});

test('the worker tells that it lives, and counts what it runs', async () => {
  await run(lab.user, 'lab_urgent');
  await run(lab.user, 'lab_fails', { kind: 'error' });
  const live = await fetch(`${metrics}/health/live`);
  expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
  const text = async () => (await fetch(`${metrics}/metrics`)).text();
  await until(async () => (await text()).includes('tasks_ended_total{name="lab_fails",status="failed"}'));
  expect(await text()).toMatch(/^tasks_ended_total\{name="lab_urgent",status="completed"\} [1-9]/m);
  expect(await text()).toMatch(/^task_duration_seconds_count\{name="lab_urgent"\} [1-9]/m);
  expect(await text()).toMatch(/^queue_tasks\{queue="tasks-lab_alone",status="waiting"\} 0$/m);
  expect(await text()).toMatch(/^nodejs_eventloop_lag_seconds /m);
  expect((await fetch(`${metrics}/nope`)).status).toBe(404);
});
