/** What BullMQ itself knows of the tasks that have completed. */
import {
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  Queue,
  setDefaultBackendFactory,
} from 'bullmq';
import type { Backend, Lab } from './lab.js';

export async function completedJobs(backend: Backend, { env, database }: Lab) {
  const isRedis = backend === 'Redis';
  if (isRedis) setDefaultBackendFactory(createRedisBackend);
  else setDefaultBackendFactory(createPostgresBackend);
  const connection: ConnectionOptions = isRedis
    ? { host: env.REDIS_QUEUE_HOST!, port: Number(env.REDIS_QUEUE_PORT) }
    : { connectionString: database.url, max: 1 };
  const queue = new Queue('tasks', { connection });
  const jobs = (await queue.getJobs(['completed'])).filter(({ name }) => name === 'ledger');
  await queue.close();
  return jobs.map(({ id, attemptsMade, stalledCounter }) => ({ id, attemptsMade, stalledCounter }));
}
