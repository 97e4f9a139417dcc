/**
 * Memory of a worker that is made to run the heaviest tasks which clients may post, as many at once as it takes. Its heap
 * is limited to what Node gives it in a container of 512 MB, and its resident memory (`VmHWM`, with buffers and threads)
 * is held against half of that container's. That leaves out what a cgroup also counts: the page cache, which can be
 * reclaimed.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi, type Api, PREFIX, type User } from '../support/api.js';
import { begin } from '../support/program.js';
import { send } from '../support/raw.js';
import type { Task } from '../tasks/watch.js';

const HEAP_MEGABYTES = 256;
const MEGABYTES = 320;
const MARK = /^VmHWM:\s+(\d+) kB$/m;
const MINUTE = 60_000;
const EXPORTED_POSTS = 40;
const REPORTED_POSTS = 80;
const UNDER_WAY = `SELECT 1 FROM task WHERE status NOT IN ('completed', 'failed')`;

let api: Api;
let stopWorker = (): Promise<unknown> => Promise.resolve();
beforeAll(async () => {
  api = await startApi();
}, MINUTE);
afterAll(async () => {
  await stopWorker();
  await api.stop();
});

/** The highest that the resident memory of a process has been, in megabytes. */
const highest = (pid: number) => Number(MARK.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;

/** Posts as long as they may be, `text` being SQL for the `n`th. */
async function fill({ id }: User, count: number, text: string): Promise<void> {
  await api.database.query(
    `INSERT INTO post (title, text, created_by_user_id)
     SELECT 'Long', left(${text}, 63206), $1 FROM generate_series(1, $2::int) n`,
    [id, count],
  );
}

async function post(user: User, name: string): Promise<string> {
  return (await user.agent.post(`${PREFIX}/tasks`).send({ name, payload: {} }).expect(202)).headers.location!;
}

async function allEnded(): Promise<void> {
  while ((await api.database.query(UNDER_WAY)).length > 0) await sleep(200);
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'two reports over different words and eight exports fit into a worker at once',
  async () => {
    const users: User[] = [];
    for (let n = 0; n < 10; n++) users.push(await api.signUp());
    const [writers, others] = [users.slice(0, 2), users.slice(2)];
    const words = `(SELECT string_agg('w' || (6000 * n + word)::text, ' ') FROM generate_series(1, 8000) word)`;
    for (const user of writers) await fill(user, REPORTED_POSTS, words);
    for (const user of others) await fill(user, EXPORTED_POSTS, `repeat('🔑', 63206)`);

    const NODE_OPTIONS = `--max-old-space-size=${HEAP_MEGABYTES}`;
    const worker = begin('worker', { ...api.env, NODE_OPTIONS, WORKER_CONCURRENCY: '8' });
    stopWorker = worker.stop;
    await worker.listening;
    const atRest = highest(worker.child.pid!);
    const begun = Date.now();
    const paths = await Promise.all([
      ...writers.map((user) => post(user, 'posts_report')),
      ...others.map((user) => post(user, 'account_export')),
    ]);
    await allEnded();
    const most = highest(worker.child.pid!);
    const figures = [`${atRest.toFixed()} MB at rest`, `${most.toFixed()} MB at most`, `${Date.now() - begun} ms`];
    process.stderr.write(`worker: ${figures.join(', ')}\n`);

    const tasks: Task[] = [];
    for (const [n, path] of paths.entries()) tasks.push((await users[n]!.agent.get(path).expect(200)).body);
    for (const { status, error, attempts } of tasks)
      expect({ status, error, attempts }).toEqual({ status: 'completed', error: null, attempts: 1 });
    expect(tasks[0]!.result).toMatchObject({ posts: REPORTED_POSTS, distinct_words: 100_000 });
    expect(most).toBeLessThan(MEGABYTES);
    const { path } = tasks.at(-1)!.result as { path: string };
    const { text } = await send(api.program.url, { path: PREFIX + path, token: users.at(-1)!.token });
    expect((JSON.parse(text) as { posts: object[] }).posts).toHaveLength(EXPORTED_POSTS);
  },
  5 * MINUTE,
);
