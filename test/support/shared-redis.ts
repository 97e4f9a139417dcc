import { Cluster } from 'ioredis';
import { redisClient } from '../../src/platform/redis/redis-client.js';
import { redisPlace } from '../../src/platform/redis/redis-url.js';

/** Takes away what suites with other databases have left in a Redis that they share. */
export async function emptyRedis(url: string): Promise<void> {
  const client = redisClient(redisPlace(url, undefined)!, {});
  await client.ping();
  await Promise.all((client instanceof Cluster ? client.nodes('master') : [client]).map((node) => node.flushall()));
  client.disconnect();
}
