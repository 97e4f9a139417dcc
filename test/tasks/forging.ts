/** A queue whose jobs somebody else has written, and what it holds. */
import { Redis } from 'ioredis';
import { enqueue, idOf, type Lab, run, runsOf } from '../support/lab.js';
import { until } from '../support/program.js';
import { ended } from './watch.js';

const CANARY = 'canary-7f21c9';

/** What an intruder can do with the queue of a lab. */
export interface Queue {
  /** Changes a job that waits: its name, its data as JSON. */
  forge(jobId: string, job: { name?: string; data?: string }): Promise<unknown>;
  /** All that the queue holds, as one text. */
  contents(): Promise<string>;
}

interface Scene {
  mine: { task_id: number; round: number };
  /** A task of somebody else that has ended. */
  theirs: { task_id: number; round: number };
  owner_user_id: number;
}

type Forgery = (scene: Scene) => { name?: string; data?: string };

const FORGERIES: [string, Forgery, number][] = [
  [
    'another owner and payload',
    ({ mine, owner_user_id }) => withData({ ...mine, owner_user_id, payload: { text: 'x' } }),
    1,
  ],
  ['the task of somebody else', ({ theirs }) => withData(theirs), 0],
  ['another round', ({ mine }) => withData({ ...mine, round: mine.round + 1 }), 0],
  ['another name', () => ({ name: 'lab_urgent' }), 0],
  ['the name of no task', () => ({ name: 'constructor' }), 0],
  ['no row', ({ mine }) => withData({ ...mine, task_id: 999_999_999 }), 0],
  ['an id in text', ({ mine }) => withData({ ...mine, task_id: "1' OR 1=1" }), 0],
  ['an id that is no integer', ({ mine }) => withData({ ...mine, task_id: 1.5 }), 0],
  ['too large an id', ({ mine }) => withData({ ...mine, task_id: 1e300 }), 0],
  ['a list', () => withData([]), 0],
  ['nothing', () => withData(null), 0],
];

const withData = (data: unknown) => ({ data: JSON.stringify(data) });

export function trustsRows(lab: () => Lab, queue: Queue): void {
  test('nothing of payload, owner, result and error is in the queue', async () => {
    const { user } = lab();
    await run(user, 'lab_echo', { text: `${CANARY} result`, fails: false });
    await run(user, 'lab_echo', { text: `${CANARY} error`, fails: true });
    await run(user, 'lab_once');
    const waiting = await enqueue(user, 'lab_echo', {
      payload: { text: `${CANARY} waits`, fails: false },
      options: { delay: 60 },
    });
    await until(async () => (await rowOf(lab(), waiting)).is_relayed);
    const contents = await queue.contents();
    expect(contents).toContain(`task-${idOf(waiting)}-`);
    for (const secret of [CANARY, 'owner_user_id', 'payload', 'mine too', 'no luck']) {
      // Not toContain(), which would print all of it.
      expect({ secret, isThere: contents.includes(secret) }).toEqual({ secret, isThere: false });
    }
    await user.agent.delete(waiting).expect(204);
  });

  test('a job that somebody else has written is run as its row says, or not at all', async () => {
    const { api, user } = lab();
    const other = await api.signUp();
    const theirs = `/${(await run(other, 'lab_echo', { text: 'theirs', fails: false })).id}`;
    const scene = { theirs: rounds(await rowOf(lab(), theirs)), owner_user_id: other.id };
    const forged = await Promise.all(FORGERIES.map(([, forgery]) => forge(lab(), queue, scene, forgery)));
    // Whoever comes later is done, so those have had their turn.
    await ended(user, await enqueue(user, 'lab_pauses', { options: { delay: 4 } }));
    const runs = await Promise.all(forged.map((path) => runsOf(lab(), path)));
    const found = FORGERIES.map(([what], index) => [what, runs[index]!.length]);
    expect(found).toEqual(FORGERIES.map(([what, , expected]) => [what, expected]));
    expect(await ended(user, forged[0]!)).toMatchObject({ result: { owner_user_id: user.id, text: 'mine' } });
    expect(await runsOf(lab(), theirs)).toHaveLength(1);
    await Promise.all(forged.slice(1).map((path) => user.agent.delete(path).expect(204)));
  }, 30_000);
}

const rounds = ({ task_id, round }: { task_id: number; round: number }) => ({ task_id, round });

async function rowOf({ api }: Lab, path: string) {
  const sql = 'SELECT id::int AS task_id, round::int, relayed_at IS NOT NULL AS is_relayed FROM task WHERE id = $1';
  const [row] = await api.database.query<{ task_id: number; round: number; is_relayed: boolean }>(sql, [idOf(path)]);
  return row!;
}

/** A task that waits in the queue, with its job forged; its path. */
async function forge(lab: Lab, queue: Queue, scene: Omit<Scene, 'mine'>, forgery: Forgery): Promise<string> {
  const payload = { text: 'mine', fails: false };
  const path = await enqueue(lab.user, 'lab_echo', { payload, options: { delay: 3 } });
  await until(async () => (await rowOf(lab, path)).is_relayed);
  const mine = rounds(await rowOf(lab, path));
  await queue.forge(`task-${mine.task_id}-${mine.round}`, forgery({ ...scene, mine }));
  return path;
}

/** The queue of a lab that has it in PostgreSQL. */
export function postgresQueue(lab: () => Lab): Queue {
  return {
    forge: (id, { name, data }) =>
      lab().api.database.query(
        'UPDATE bullmq.job SET name = coalesce($2, name), data = coalesce($3::jsonb, data) WHERE id = $1',
        [id, name, data],
      ),
    async contents() {
      const tables = ['job', 'event', 'job_log', 'dedup_next', 'scheduler'];
      const all = tables.map((table) => lab().api.database.query(`SELECT * FROM bullmq.${table}`));
      return JSON.stringify(await Promise.all(all));
    },
  };
}

/** The queue of a lab that has it in the Redis at that port. */
export function redisQueue(port: () => number): Queue {
  return {
    forge: (id, job) => withRedis(port(), (redis) => redis.hset(`bull:tasks:${id}`, job)),
    contents: () =>
      withRedis(port(), async (redis) => {
        const all = [];
        for (const key of await redis.keys('*')) all.push(key, await valueOf(redis, key));
        return JSON.stringify(all);
      }),
  };
}

async function withRedis<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1');
  return work(redis).finally(() => redis.disconnect());
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'zset':
      return redis.zrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return redis.get(key);
  }
}
