import { Logger } from '@nestjs/common';
import { createIORedisClient, createRedisBackend, RedisConnection } from 'bullmq';
import type { RedisError } from '../redis/ioredis-patches.js';
import { redisClient } from '../redis/redis-client.js';
import type { RedisPlace } from '../redis/redis-url.js';
import { Outage } from '../runtime/outage.js';
import { patchRedis } from './bullmq-patches.js';
import { retryStrategy } from './connections.js';

/**
 * BullMQ on Redis, with clients of ours: it takes no options for a cluster, and tells of each try to connect as an error,
 * which it prints where nobody listens yet. An outage is logged once.
 */
export function redisBackend(redis: RedisPlace): typeof createRedisBackend {
  const texts = { begins: 'the queue cannot be reached', ends: 'the queue is back' };
  const outage = new Outage(new Logger('Queue'), texts);
  const logged = new WeakSet<Error>();
  RedisConnection.clientFactory = (options) => {
    const { enableOfflineQueue = true } = options;
    const together = { enableOfflineQueue, clusterRetryStrategy: retryStrategy };
    const client = redisClient(redis, options, together);
    client.on('error', (error: RedisError) => {
      logged.add(error);
      outage.begin((error.lastNodeError ?? error).message, client);
    });
    client.on('ready', () => outage.end(client));
    return createIORedisClient(client);
  };
  return (...args) =>
    patchRedis(
      createRedisBackend(...args),
      (error) => logged.has(error),
      () => outage.isOn,
    );
}
