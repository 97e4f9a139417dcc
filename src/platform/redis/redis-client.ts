import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisPlace } from './redis-url.js';

export type RedisClient = Redis | Cluster;

/** What ioredis adds to errors: what it sent, and in a cluster what one of the servers said. */
export type RedisError = Error & { command?: { name: string; args: unknown[] }; lastNodeError?: RedisError };

interface WithSentinels {
  failoverDetector?: { sentinels: { client: Redis }[] } | null;
}

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
  client.on('error', (error: RedisError) => {
    // ioredis would go on in database 0, which may be somebody else's.
    if (error.command?.name === 'select') client.disconnect(true);
    conceal(error);
  });
  forgetTimers(client);
  // The connections that listen for a fail-over are nobody's, and print what becomes of them.
  client.on('connect', () => {
    const { failoverDetector } = Reflect.get(client, 'connector') as WithSentinels;
    failoverDetector?.sentinels.forEach((sentinel) => sentinel.client.on('error', () => undefined));
  });
  return client;
}

function toCluster(servers: { host: string; port: number }[], options: ClusterOptions): Cluster {
  const client = new Cluster(servers, options);
  client.on('error', (error: RedisError) => [error, error.lastNodeError].forEach(conceal));
  // ioredis drops the promise of this command, whose rejection would end the process.
  client.on('+node', (node: Redis) => {
    forgetTimers(node);
    const asking = node.asking.bind(node);
    node.asking = () => {
      const asked = asking();
      asked.catch(() => undefined);
      return asked;
    };
  });
  return client;
}

/** The timer of a command that was on its way when a connection was lost would end the next one. */
function forgetTimers(client: Redis): void {
  client.on('close', () => {
    clearTimeout(Reflect.get(client, 'socketTimeoutTimer') as NodeJS.Timeout | undefined);
    Reflect.set(client, 'socketTimeoutTimer', undefined);
  });
}

/** Whoever prints the error, as BullMQ may, would print the password that was refused. */
function conceal(error?: RedisError): void {
  if (error) Reflect.deleteProperty(error, 'command');
}
