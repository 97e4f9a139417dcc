import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { type Program, start, until } from '../support/program.js';
import { ended, type Task, watch } from './watch.js';

const TASKS = `${PREFIX}/tasks`;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;

let api: Api;
let worker: Program;
let user: User;
beforeAll(async () => {
  api = await useApi();
  [worker, user] = [await start('worker', api.env), await api.signUp()];
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
});

async function post(payload: object, name = 'sample', owner = user): Promise<string> {
  const { headers } = await owner.agent.post(TASKS).send({ name, payload }).expect(202);
  return headers.location!;
}

test('a task is accepted at once, with the path of its state', async () => {
  const { body, headers } = await user.agent
    .post(TASKS)
    .send({ name: 'sample', payload: { message: 'hi' } })
    .expect(202);
  expect(body).toEqual({ id: expect.any(Number), name: 'sample', status: 'queued' });
  expect(headers.location).toBe(`${TASKS}/${body.id}`);
  await user.agent.get(headers.location!).expect(200);
});

test.each([0, 1])('a task of %d seconds is done, with its result and its times', async (seconds) => {
  const task = await ended(user, await post({ message: 'hello', seconds }));
  expect(task).toEqual({
    id: expect.any(Number),
    name: 'sample',
    status: 'completed',
    progress: 100,
    attempts: 1,
    result: 'Task hello is complete!',
    error: null,
    created_at: expect.stringMatching(INSTANT),
    started_at: expect.stringMatching(INSTANT),
    finished_at: expect.stringMatching(INSTANT),
  });
  const [created, begun, finished] = [task.created_at, task.started_at!, task.finished_at!].map(Date.parse);
  // The API's clock and PostgreSQL's, read by different processes, may be some milliseconds apart.
  expect(begun).toBeGreaterThanOrEqual(created! - 50);
  // Timers may fire a little early, and clocks differ.
  expect(finished! - begun!).toBeGreaterThanOrEqual(seconds * 950);
});

test('no task has ended before it began, even if clocks say so', async () => {
  const path = await post({ message: 'early', seconds: 1 });
  await until(async () => (await user.agent.get(path)).body.status === 'active');
  await api.database.query(`UPDATE task SET started_at = now() + interval '1 minute' WHERE id = $1`, [
    path.split('/').at(-1),
  ]);
  const { started_at, finished_at } = await ended(user, path);
  expect(finished_at).toBe(started_at);
});

test('tasks run side by side', async () => {
  const paths = await Promise.all(Array.from({ length: 4 }, (_, n) => post({ message: `${n}`, seconds: 1 })));
  const tasks = await Promise.all(paths.map((path) => ended(user, path)));
  expect(tasks.map(({ result }) => result)).toEqual([0, 1, 2, 3].map((n) => `Task ${n} is complete!`));
  const lastStart = Math.max(...tasks.map(({ started_at }) => Date.parse(started_at!)));
  const firstEnd = Math.min(...tasks.map(({ finished_at }) => Date.parse(finished_at!)));
  expect(lastStart).toBeLessThan(firstEnd);
});

test('no answer contradicts itself while tasks end', async () => {
  const paths = await Promise.all(Array.from({ length: 20 }, (_, n) => post({ message: `${n}`, seconds: 0 })));
  const seen = (await Promise.all(paths.map((path) => watch(user, path)))).flat();
  const contradictions = seen.filter((task) => !isConsistent(task));
  expect(contradictions).toEqual([]);
});

function isConsistent({ status, progress, result, attempts, started_at, finished_at }: Task): boolean {
  if (status === 'queued') return started_at === null && finished_at === null && result === null;
  if (status === 'active') return started_at !== null && attempts === 1 && finished_at === null && result === null;
  return status === 'completed' && progress === 100 && started_at !== null && finished_at !== null && result !== null;
}

test('a message comes back as it was sent', async () => {
  const message = '語🔑 "quoted" \\ {{x}} $1 %s';
  const { result } = await ended(user, await post({ message, seconds: 0 }));
  expect(result).toBe(`Task ${message} is complete!`);
});

test.each([
  ['a task without a name', { payload: { message: 'hi' } }, 'name'],
  ['a task without a payload', { name: 'sample' }, 'payload'],
  ['a payload that is a list', { name: 'sample', payload: [] }, 'payload'],
  ['no payload', { name: 'sample', payload: null }, 'payload'],
  ['an owner of one’s choice', { name: 'sample', payload: { message: 'hi' }, owner_user_id: 1 }, 'owner_user_id'],
  ['no message', { name: 'sample', payload: {} }, 'payload.message'],
  ['an empty message', { name: 'sample', payload: { message: '' } }, 'payload.message'],
  ['a message that is no text', { name: 'sample', payload: { message: 1 } }, 'payload.message'],
  ['a field that is not known', { name: 'sample', payload: { message: 'hi', extra: 1 } }, 'payload.extra'],
  ['seconds in text', { name: 'sample', payload: { message: 'hi', seconds: '1' } }, 'payload.seconds'],
  ['half a second', { name: 'sample', payload: { message: 'hi', seconds: 0.5 } }, 'payload.seconds'],
  ['less than no time', { name: 'sample', payload: { message: 'hi', seconds: -1 } }, 'payload.seconds'],
  ['null seconds', { name: 'sample', payload: { message: 'hi', seconds: null } }, 'payload.seconds'],
])('%s is refused and queues nothing', async (_, body, field) => {
  const other = await api.signUp();
  const refusal = await refused(other.agent.post(TASKS).send(body), 422, 'validation_failed');
  expect(refusal.body.errors).toEqual([{ field, message: expect.any(String) }]);
  const queued = await api.database.query('SELECT id FROM task WHERE owner_user_id = $1', [other.id]);
  expect(queued).toEqual([]);
});

test.each(['unknown', 'constructor', 'toString', '__proto__', 'expired_tasks', 'Sample'])(
  'nobody can queue a task named %s',
  async (name) => {
    const other = await api.signUp();
    await refused(other.agent.post(TASKS).send({ name, payload: {} }), 404, 'unknown_task_name');
    expect(await api.database.query('SELECT id FROM task WHERE owner_user_id = $1', [other.id])).toEqual([]);
  },
);

test('a task is read by its owner and by superusers', async () => {
  const path = await post({ message: 'private', seconds: 0 });
  const other = await api.signUp();
  await user.agent.get(path).expect(200);
  await refused(other.agent.get(path), 404, 'task_not_found');
  const root = await api.superuser();
  await root.agent.get(path).expect(200);
});

test('tasks are for those who are signed in', async () => {
  const path = await post({ message: 'private', seconds: 0 });
  await refused(api.http.get(path), 401, 'not_signed_in');
  const sent = api.http.post(TASKS).send({ name: 'sample', payload: { message: 'hi' } });
  await refused(sent, 401, 'not_signed_in');
});

test.each(['999999999', '0', '-1', 'abc', '9223372036854775808', '%20', "1'--", 'x'.repeat(200)])(
  'there is no task %j',
  async (id) => {
    await refused(user.agent.get(`${TASKS}/${id}`), 404, 'task_not_found');
  },
);
