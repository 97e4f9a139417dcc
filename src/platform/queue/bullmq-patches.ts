/**
 * Patches of BullMQ (bullmq 6.7.0), which package.json pins. Each names the test that fails without it: when a later
 * version passes without, it can go.
 */
import { createPostgresBackend, type createRedisBackend } from 'bullmq';
import { Client } from '../database/pg-client.js';
import { databaseProblem } from '../http/problems/database-problem.js';
import { DatabaseUnavailable } from '../http/problems/http.errors.js';

type PostgresBackend = ReturnType<typeof createPostgresBackend>;
type RedisBackend = ReturnType<typeof createRedisBackend>;

// BullMQ would wait up to an hour for a signal that it may have missed while it connected again.
const LOOK_SECONDS = 5;

/**
 * BullMQ on PostgreSQL, patient with a database that comes and goes. Tests: faults/database "PostgreSQL restarted" and "all
 * connections are cut".
 */
export const createPatientBackend: typeof createPostgresBackend = (...args) => {
  const backend = createPostgresBackend(...args);
  reportLossAsRefusal(backend);
  Object.defineProperty(backend, 'maximumBlockTimeout', { value: LOOK_SECONDS });
  // BullMQ has no option for the class of the connection that listens. Test: faults/database "connections that listen".
  Reflect.set(backend.connection, 'pgModule', { Client });
  return backend;
};

/**
 * A worker of BullMQ tries again what a refused connection kept from it, but takes a lost one for a failure of the task that
 * it was about to complete, and asks again without a pause for the next. So whatever says that the database is not there
 * says it as a refused connection does.
 */
function reportLossAsRefusal({ connection: { pool } }: PostgresBackend): void {
  const query = pool.query.bind(pool);
  pool.query = async (...asked: Parameters<typeof query>) => {
    try {
      return await query(...asked);
    } catch (error) {
      const isGone = databaseProblem(error) instanceof DatabaseUnavailable;
      throw isGone ? Object.assign(error as Error, { code: 'ECONNREFUSED' }) : error;
    }
  };
}

/**
 * BullMQ prints errors to which nobody listens yet, and on closing sends QUIT and waits for the answer. Tests:
 * operations/redis-queue "that comes late is told of each task once" and "that is not there from the beginning keeps neither
 * API nor worker from stopping".
 * @param isLogged whether an error has been reported already
 * @param isAway whether Redis cannot be reached
 */
export function patchRedis(
  backend: RedisBackend,
  isLogged: (error: Error) => boolean,
  isAway: () => boolean,
): RedisBackend {
  const emit = backend.emit.bind(backend);
  backend.emit = (event: string, ...given: unknown[]) =>
    !(event === 'error' && isLogged(given[0] as Error)) && emit(event, ...given);
  const close = backend.close.bind(backend);
  backend.close = (force) => close(force || isAway());
  return backend;
}
