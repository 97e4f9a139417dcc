import { createPostgresBackend } from 'bullmq';
import { Client } from '../database/client.js';
import { databaseProblem } from '../http/problems/database-problem.js';
import { DatabaseUnavailable } from '../http/problems/http.errors.js';

// BullMQ would wait up to an hour for a signal that it may have missed while it connected again.
const LOOK_SECONDS = 5;

/**
 * BullMQ on PostgreSQL, patient with a database that comes and goes. A worker of BullMQ tries again what a refused
 * connection kept from it, but takes a lost one for a failure of the task that it was about to complete, and asks again
 * without a pause for the next. So whatever says that the database is not there says it as a refused connection does.
 */
export const createPatientBackend: typeof createPostgresBackend = (...args) => {
  const backend = createPostgresBackend(...args);
  const { connection } = backend;
  const query = connection.pool.query.bind(connection.pool);
  connection.pool.query = async (...asked: Parameters<typeof query>) => {
    try {
      return await query(...asked);
    } catch (error) {
      const isGone = databaseProblem(error) instanceof DatabaseUnavailable;
      throw isGone ? Object.assign(error as Error, { code: 'ECONNREFUSED' }) : error;
    }
  };
  Object.defineProperty(backend, 'maximumBlockTimeout', { value: LOOK_SECONDS });
  // BullMQ has no option for the class of the connection that listens.
  Reflect.set(connection, 'pgModule', { Client });
  return backend;
};
