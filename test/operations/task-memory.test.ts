/**
 * Memory of a worker that is made to run the heaviest tasks which clients may post, as many at once as it takes. Its heap
 * is limited to what Node gives it in a container of 512 MB, and its resident memory (`VmHWM`, with buffers and threads)
 * is held against half of that container's. That leaves out what a cgroup also counts: the page cache, which can be
 * reclaimed.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, startApi, type User } from '../support/api.js';
import { begin } from '../support/program.js';
import { HEAVY_TASKS } from '../support/routes.js';
import type { Task } from '../tasks/watch.js';

const HEAP_MEGABYTES = 256;
const MEGABYTES = 320;
const MARK = /^VmHWM:\s+(\d+) kB$/m;
const MINUTE = 60_000;
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

async function post(user: User, name: string): Promise<string> {
  return (await user.agent.post(`${PREFIX}/tasks`).send({ name, payload: {} }).expect(202)).headers.location!;
}

async function allEnded(): Promise<void> {
  while ((await api.database.query(UNDER_WAY)).length > 0) await sleep(200);
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'the tasks that cost most fit into a worker at once',
  async () => {
    const posted: { user: User; name: string }[] = [];
    for (const [name, { fill, atOnce }] of Object.entries(HEAVY_TASKS)) {
      for (let n = 0; n < atOnce; n++) {
        const user = await api.signUp();
        await api.database.query(fill, [user.id]);
        posted.push({ user, name });
      }
    }

    const NODE_OPTIONS = `--max-old-space-size=${HEAP_MEGABYTES}`;
    const worker = begin('worker', { ...api.env, NODE_OPTIONS, WORKER_CONCURRENCY: '8' });
    stopWorker = worker.stop;
    await worker.listening;
    const atRest = highest(worker.child.pid!);
    const begun = Date.now();
    const paths = await Promise.all(posted.map(({ user, name }) => post(user, name)));
    await allEnded();
    const most = highest(worker.child.pid!);
    const figures = [`${atRest.toFixed()} MB at rest`, `${most.toFixed()} MB at most`, `${Date.now() - begun} ms`];
    process.stderr.write(`worker: ${figures.join(', ')}\n`);

    for (const [n, path] of paths.entries()) {
      const { status, error, attempts } = (await posted[n]!.user.agent.get(path).expect(200)).body as Task;
      expect({ status, error, attempts }).toEqual({ status: 'completed', error: null, attempts: 1 });
    }
    expect(most).toBeLessThan(MEGABYTES);
  },
  5 * MINUTE,
);
