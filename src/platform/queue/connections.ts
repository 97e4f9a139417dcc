import type { ConnectionOptions } from 'bullmq';
import { settingsOf } from '../config/settings.js';
import { Client } from '../database/pg-client.js';
import { DatabaseConfig } from '../database/database.config.js';
import { QueueConfig } from './queue.config.js';

// For connections that only add to a queue or query it.
const FEW = 2;
const MOST = 10;
const CONNECT_MILLISECONDS = 5_000;
const STATEMENT_MILLISECONDS = 15_000;
const SILENCE_MILLISECONDS = 2_000;
// BullMQ lets Redis take up to 10 s for an answer, and a worker holds a task for 20 s.
const WORKER_SILENCE_MILLISECONDS = 12_000;

/** How long to wait before the next try to connect, in milliseconds. */
export const retryStrategy = (times: number) => Math.min(times * 250, 2_000);

/** The connection for adding to a queue or querying it. Commands that Redis does not accept at once fail. */
export function queueConnection(): ConnectionOptions {
  const connection = workerConnection(FEW);
  return settingsOf(QueueConfig).redis
    ? { ...connection, enableOfflineQueue: false, socketTimeout: SILENCE_MILLISECONDS }
    : connection;
}

/**
 * The connection for running the jobs of a queue.
 * @param concurrency how many run at once: so many connections to PostgreSQL, up to ten
 */
export function workerConnection(concurrency: number): ConnectionOptions {
  const { redis } = settingsOf(QueueConfig);
  if (redis) {
    const limits = { connectTimeout: CONNECT_MILLISECONDS, socketTimeout: WORKER_SILENCE_MILLISECONDS };
    return { ...redis.options, ...limits, retryStrategy };
  }
  const limits = { connectionTimeoutMillis: CONNECT_MILLISECONDS, statement_timeout: STATEMENT_MILLISECONDS };
  return { connectionString: settingsOf(DatabaseConfig).url, max: Math.min(concurrency, MOST), ...limits, Client };
}
