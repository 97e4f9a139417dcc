/** An API and a worker with the lab of test/lab, on a database of their own. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, startApi, useApi, type User } from './api.js';
import { type Environment, linesWith, type Program, start } from './program.js';
import { ended, type Task } from '../tasks/watch.js';

const DIST = join(__dirname, '../../dist/test/lab');
export const LAB_WORKER = join(DIST, 'worker.js');
export const LAB_MIGRATE = join(DIST, 'migrate.js');
export const LAB_TEMPLATE = 'template_lab';
export const LAB_API = join(DIST, 'main.js');

export interface Run {
  task_id: number;
  name: string;
  attempt: number;
  began_at: Date;
  ended_at: Date | null;
}

export interface Lab {
  api: Api;
  root: User;
  user: User;
  startWorker(overrides?: Environment): Promise<Program>;
  stop(): Promise<void>;
}

export interface Enqueued {
  options?: { delay?: number; job_key?: string };
  payload?: object;
  end?: 'commit' | 'rollback';
}

/** The API with the lab, for suites that need no settings of their own. */
export const useLabApi = (): Promise<Api> => useApi({ entry: LAB_API, template: LAB_TEMPLATE });

/** The API with the lab, without users or workers. */
export function startLabApi(overrides: Environment = {}, through?: (url: string) => string): Promise<Api> {
  return startApi(overrides, through, { entry: LAB_API, template: LAB_TEMPLATE });
}

/** The API alone; its workers are stopped with it. */
export async function startLab(overrides: Environment = {}): Promise<Lab> {
  const api = await startLabApi(overrides);
  const workers: Program[] = [];
  return {
    api,
    root: await api.superuser(),
    user: await api.signUp(),
    async startWorker(more = {}) {
      const worker = await start(LAB_WORKER, { ...api.env, ...more });
      workers.push(worker);
      return worker;
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await api.stop();
    },
  };
}

/** What a domain has told of events of that name so far. */
export function heard({ program }: Api, name: string): { user_id: number | null; payload: object }[] {
  const lines = linesWith(program, `{"heard":${JSON.stringify(name)},`);
  return lines.map((line) => JSON.parse(line) as { heard: string; user_id: number | null; payload: object });
}

/** Posts a task as clients do; its path. */
export async function post(user: User, name: string, payload: object = {}): Promise<string> {
  const { headers } = await user.agent.post(`${PREFIX}/tasks`).send({ name, payload }).expect(202);
  return headers.location!;
}

/** Posts a task and waits for its end. */
export async function run(user: User, name: string, payload: object = {}): Promise<Task> {
  return ended(user, await post(user, name, payload));
}

/** Queues a task as code does; its path. */
export async function enqueue(user: User, name: string, how: Enqueued = {}): Promise<string> {
  const { body } = await user.agent
    .post(`${PREFIX}/lab/tasks`)
    .send({ name, ...how })
    .expect(202);
  return `${PREFIX}/tasks/${body.id}`;
}

export const idOf = (path: string) => Number(path.split('/').at(-1));

/** Every attempt of a task that was begun. */
export function runsOf({ api }: Lab, path: string): Promise<Run[]> {
  return api.database.query<Run & Record<string, unknown>>('SELECT * FROM lab_run WHERE task_id = $1 ORDER BY id', [
    idOf(path),
  ]);
}

/** How often the effect of a task has happened. */
export async function effectsOf({ api }: Lab, path: string): Promise<number> {
  return (await api.database.query('SELECT 1 FROM lab_effect WHERE task_id = $1', [idOf(path)])).length;
}

/** Long enough for what must not happen to happen. */
export const aWhile = () => sleep(1_500);
