/** The life of tasks that are queued before a worker runs: all of it is watched once, and each test looks at a part. */
import { type Api, PREFIX, useApi, type User } from '../../support/api.js';
import { finish, type Program, start } from '../../support/program.js';
import { type Task, watch } from '../../tasks/watch.js';

let api: Api;
let worker: Program | undefined;
let user: User;
let refusal: { code: number | null; output: string };
let slow: Task[];
let many: Task[][];
let broken: Task[];

beforeAll(async () => {
  api = await useApi();
  user = await api.signUp();
  const paths = [await queue('slow', 1), await queue('broken')];
  for (let n = 0; n < 10; n++) paths.push(await queue(`${n}`));
  await alter(paths[1]!, `payload = '{"message": ""}'`);
  for (const path of paths) expect((await user.agent.get(path).expect(200)).body.status).toBe('queued');

  await alter(paths[2]!, `name = 'retired'`);
  refusal = await finish('worker', api.env);
  await alter(paths[2]!, `name = 'sample'`);

  const watching = Promise.all(paths.map((path) => watch(user, path)));
  worker = await start('worker', api.env);
  [slow, broken, ...many] = (await watching) as [Task[], Task[], ...Task[][]];
});
afterAll(async () => {
  await worker?.stop();
  await api.stop();
});

async function queue(message: string, seconds = 0): Promise<string> {
  const task = { name: 'sample', payload: { message, seconds } };
  const { headers } = await user.agent.post(`${PREFIX}/tasks`).send(task).expect(202);
  return headers.location!;
}

/** Makes a queued task one that the code of the worker does not fit any more. */
async function alter(path: string, change: string): Promise<void> {
  await api.database.query(`UPDATE task SET ${change} WHERE id = $1`, [path.split('/').at(-1)]);
}

function statuses(seen: Task[]): string[] {
  return seen.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]);
}

test('a worker does not start while a task is queued that no class has the name of', () => {
  expect(refusal.code).toBe(1);
  const said = refusal.output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  expect(said).toEqual(['worker could not start: tasks named retired are queued, but no class has that name']);
});

test('a task is queued, then active, then completed', () => {
  expect(statuses(slow)).toEqual(['queued', 'active', 'completed']);
});

test('a task that nobody works on yet has not begun', () => {
  expect(slow[0]).toEqual({
    id: expect.any(Number),
    name: 'sample',
    status: 'queued',
    progress: 0,
    attempts: 0,
    result: null,
    error: null,
    created_at: expect.any(String),
    started_at: null,
    finished_at: null,
  });
});

test('the progress of a task only grows, step by step', () => {
  const progress = slow.map((task) => task.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(new Set(progress).size).toBeGreaterThan(3);
});

test('tasks queued while no worker runs are done once one starts', () => {
  expect(many.map((seen) => seen.at(-1)!.result)).toEqual(many.map((_, n) => `Task ${n} is complete!`));
  expect(many).toHaveLength(10);
});

test('a payload that the worker does not take is tried three times, ever later, then failed', () => {
  expect(statuses(broken)).toContain('delayed');
  const task = { status: 'failed', attempts: 3, result: null, error: expect.any(String) };
  expect(broken.at(-1)).toMatchObject(task);
  const { created_at, finished_at } = broken.at(-1)!;
  expect(Date.parse(finished_at!) - Date.parse(created_at)).toBeGreaterThan(2900);
});
