import type { ConnectionOptions } from 'bullmq';
import { settingsOf } from '../config/settings.js';
import { Client } from '../database/client.js';
import { DatabaseConfig } from '../database/database.config.js';
import { QueueConfig } from './queue.config.js';

// For whoever only adds to a queue, or asks it.
const FEW = 2;
const MOST = 10;
const CONNECT_MILLISECONDS = 5_000;
const STATEMENT_MILLISECONDS = 15_000;
const SILENCE_MILLISECONDS = 2_000;

/** Where whoever adds to a queue, or asks it, connects to. What Redis does not take at once fails, and is not kept. */
export function queueConnection(): ConnectionOptions {
  const connection = workerConnection(FEW);
  return 'host' in connection
    ? { ...connection, enableOfflineQueue: false, socketTimeout: SILENCE_MILLISECONDS }
    : connection;
}

/**
 * Where whoever runs what is in a queue connects to.
 * @param concurrency how many run at once: so many connections to PostgreSQL, up to ten
 */
export function workerConnection(concurrency: number): ConnectionOptions {
  const { REDIS_QUEUE_HOST: host, REDIS_QUEUE_PORT: port } = settingsOf(QueueConfig);
  if (host !== undefined) return { host, port, connectTimeout: CONNECT_MILLISECONDS };
  const limits = { connectionTimeoutMillis: CONNECT_MILLISECONDS, statement_timeout: STATEMENT_MILLISECONDS };
  return { connectionString: settingsOf(DatabaseConfig).url, max: Math.min(concurrency, MOST), ...limits, Client };
}
