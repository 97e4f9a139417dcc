import type { ConnectionOptions } from 'bullmq';
import { settingsOf } from '../config/settings.js';
import { Client } from '../database/client.js';
import { DatabaseConfig } from '../database/database.config.js';
import { QueueConfig } from './queue.config.js';

const CONNECTIONS = 3;
const CONNECT_MILLISECONDS = 5_000;
const STATEMENT_MILLISECONDS = 15_000;
const SILENCE_MILLISECONDS = 2_000;

/** Where whoever adds to a queue, or asks it, connects to. What Redis does not take at once fails, and is not kept. */
export function queueConnection(): ConnectionOptions {
  const connection = workerConnection();
  return 'host' in connection
    ? { ...connection, enableOfflineQueue: false, socketTimeout: SILENCE_MILLISECONDS }
    : connection;
}

/** Where whoever runs what is in a queue connects to. */
export function workerConnection(): ConnectionOptions {
  const { REDIS_QUEUE_HOST: host, REDIS_QUEUE_PORT: port } = settingsOf(QueueConfig);
  if (host !== undefined) return { host, port, connectTimeout: CONNECT_MILLISECONDS };
  const limits = { connectionTimeoutMillis: CONNECT_MILLISECONDS, statement_timeout: STATEMENT_MILLISECONDS };
  return { connectionString: settingsOf(DatabaseConfig).url, max: CONNECTIONS, ...limits, Client };
}
