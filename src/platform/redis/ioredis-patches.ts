/**
 * Patches of ioredis 5.11.1, which package.json pins. Each names the test that fails without it: when a later version
 * passes without, it can go.
 */
import type { Cluster, Redis } from 'ioredis';

/** What ioredis adds to errors: what it sent, and in a cluster what one of the servers said. */
export type RedisError = Error & { command?: { name: string; args: unknown[] }; lastNodeError?: RedisError };

interface WithSentinels {
  failoverDetector?: { sentinels: { client: Redis }[] } | null;
}

/** Call it before anybody else listens to errors. */
export function patchServer(client: Redis): void {
  stayInDatabase(client);
  client.on('error', conceal);
  forgetTimers(client);
  muteSentinels(client);
}

/** As `patchServer`, for each server of a cluster. */
export function patchCluster(cluster: Cluster): void {
  cluster.on('error', (error: RedisError) => [error, error.lastNodeError].forEach(conceal));
  cluster.on('+node', (node: Redis) => {
    forgetTimers(node);
    surviveAsking(node);
  });
}

/**
 * Bounds how long a server of a cluster may take for a command, and not the connections that discover the servers and share
 * these options: they have yet to connect. Test: operations/redis-cluster "while a slot moves to a server that hangs nothing
 * fails".
 */
export function boundCommands(node: Redis, milliseconds: number): void {
  Object.defineProperty(node.options, 'commandTimeout', { value: milliseconds, enumerable: false });
}

/**
 * ioredis would go on in database 0, which may be somebody else's. Test: operations/redis-queue "that has no such database
 * is an outage, and another one is not used".
 */
function stayInDatabase(client: Redis): void {
  client.on('error', ({ command }: RedisError) => {
    if (command?.name === 'select') client.disconnect(true);
  });
}

/**
 * Whoever prints the error, as BullMQ may, would print the password that was refused. Test: operations/redis-queue "that
 * refuses the password is an outage, and the password is in no log".
 */
function conceal(error?: RedisError): void {
  if (error) Reflect.deleteProperty(error, 'command');
}

/**
 * The timer of a command that was on its way when a connection was lost would end the next one. Test:
 * operations/cache/redis-faults "that is lost in the middle of a command and back at once is not lost again".
 */
function forgetTimers(client: Redis): void {
  client.on('close', () => {
    clearTimeout(Reflect.get(client, 'socketTimeoutTimer') as NodeJS.Timeout | undefined);
    Reflect.set(client, 'socketTimeoutTimer', undefined);
  });
}

/**
 * The connections that listen for a fail-over have no listener for errors, and print each. Test: operations/redis-sentinel
 * "is found by way of the Sentinels that are there, and those that are not fill no log".
 */
function muteSentinels(client: Redis): void {
  client.on('connect', () => {
    const { failoverDetector } = Reflect.get(client, 'connector') as WithSentinels;
    failoverDetector?.sentinels.forEach((sentinel) => sentinel.client.on('error', () => undefined));
  });
}

/**
 * ioredis drops the promise of this command, whose rejection would end the process. Test: operations/redis-cluster "while a
 * slot moves to a server that hangs nothing fails".
 */
function surviveAsking(node: Redis): void {
  const asking = node.asking.bind(node);
  node.asking = () => {
    const asked = asking();
    asked.catch(() => undefined);
    return asked;
  };
}
