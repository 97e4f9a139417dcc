import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { patchCluster, patchServer } from './ioredis-patches.js';
import type { RedisPlace } from './redis-url.js';

export type RedisClient = Redis | Cluster;

/** A client of a Redis, which connects. The options hold for each of its connections, those of a cluster for all together. */
export function redisClient(
  { cluster, options }: RedisPlace,
  own: RedisOptions,
  together?: ClusterOptions,
): RedisClient {
  if (!cluster) return toServer({ ...options, ...own });
  // Names stay names: certificates are for them.
  const dnsLookup: ClusterOptions['dnsLookup'] = (name, done) => done(null, name);
  return toCluster(cluster, { dnsLookup, ...together, redisOptions: { ...options, ...own } });
}

function toServer(options: RedisOptions): Redis {
  const client = new Redis(options);
  patchServer(client);
  return client;
}

function toCluster(servers: { host: string; port: number }[], options: ClusterOptions): Cluster {
  const client = new Cluster(servers, options);
  patchCluster(client);
  return client;
}
