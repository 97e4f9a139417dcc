import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Cluster, type Redis } from 'ioredis';
import { boundCommands, type RedisError } from './ioredis-patches.js';
import { type RedisClient, redisClient } from './redis-client.js';
import { Outage } from '../runtime/outage.js';
import { RedisConfig } from './redis.config.js';

const COMMAND_MILLISECONDS = 100;
// After a failed command, nobody should wait for the next one to fail too.
const PAUSE_MILLISECONDS = 1_000;
const SILENCE_MILLISECONDS = 1_000;

const wait = (times: number) => Math.min(times * 100, 2_000);
const OPTIONS = { socketTimeout: SILENCE_MILLISECONDS, connectTimeout: 2_000, maxRetriesPerRequest: 0 };
const PROMPT = { commandTimeout: COMMAND_MILLISECONDS, enableOfflineQueue: false, retryStrategy: wait };
const CLUSTER_OPTIONS = {
  enableOfflineQueue: false,
  enableReadyCheck: false,
  clusterRetryStrategy: wait,
  // No command waits for a server to come back or for another one to take over.
  maxRedirections: 3,
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
};

/**
 * The connection to the Redis that processes share, if there is one. A command that Redis does not answer at once fails
 * after 100 ms and is never queued: whoever sends it must be able to do without. After a second without any answer the
 * connection is given up, or commands would pile up in it and each would wait in vain. In a cluster that holds for each of
 * its servers.
 */
@Injectable()
export class RedisConnection implements OnModuleDestroy {
  /** Undefined without `REDIS_CACHE_HOST` and `REDIS_CACHE_URL`. */
  readonly client?: RedisClient;
  /** How often a server was lost so far, or another has taken over from it. */
  losses = 0;
  private readonly logger = new Logger(RedisConnection.name);
  private readonly outage = new Outage(this.logger, { begins: 'Redis cannot be reached', ends: 'Redis is back' });
  private pausedUntil = 0;
  private readonly whenLost: (() => void)[] = [];
  /** Of a cluster, by host and port. */
  private readonly masters = new Set<string>();

  constructor({ redis }: RedisConfig) {
    if (!redis) return;
    this.client = redisClient(redis, redis.cluster ? OPTIONS : { ...OPTIONS, ...PROMPT }, CLUSTER_OPTIONS);
    this.client.on('ready', () => this.outage.end());
    this.client.on('error', (error: RedisError) => this.outage.begin((error.lastNodeError ?? error).message));
    if (this.client instanceof Cluster) this.watch(this.client);
    else this.client.on('close', () => this.lose());
  }

  /** Whether it is worth sending a command. */
  get isUsable(): boolean {
    return this.client?.status === 'ready' && this.pausedUntil <= Date.now();
  }

  /** Resolves when Redis answers, each server of a cluster that others follow. */
  async ping(): Promise<true> {
    const { client } = this;
    if (client?.status !== 'ready') throw new Error('Redis is not connected');
    await Promise.all((client instanceof Cluster ? client.nodes('master') : [client]).map((node) => node.ping()));
    return true;
  }

  /** Says that a command has failed. */
  pause(): void {
    this.pausedUntil = Date.now() + PAUSE_MILLISECONDS;
  }

  /** Calls back whenever a server was lost: when it is back, or another has its place, it may have forgotten things. */
  onLost(listener: () => void): void {
    this.whenLost.push(listener);
  }

  /** Updates `losses` from the servers that the last commands were sent to. */
  countLosses(): number {
    if (this.client instanceof Cluster) this.compareMasters(this.client);
    return this.losses;
  }

  onModuleDestroy(): void {
    this.client?.disconnect();
  }

  /** A cluster goes on without one of its servers, and itself only tells of a loss when it has lost all. */
  private watch(cluster: Cluster): void {
    cluster.on('+node', (node: Redis) => {
      boundCommands(node, COMMAND_MILLISECONDS);
      node.once('ready', () => node.once('close', () => this.lose(`${nameOf(node)} is lost`)));
    });
    // Otherwise the first command would connect, and other commands would fail in the meantime.
    cluster.on('ready', () => {
      for (const node of cluster.nodes('master')) if (node.status === 'wait') node.connect().catch(() => undefined);
    });
    cluster.on('refresh', () => this.compareMasters(cluster));
  }

  /** One that has just sent a command on to a server that has taken over knows that one as a master. */
  private compareMasters(cluster: Cluster): void {
    for (const node of cluster.nodes('slave')) this.masters.delete(nameOf(node));
    const isFirst = this.masters.size === 0;
    const fresh = cluster
      .nodes('master')
      .map(nameOf)
      .filter((name) => !this.masters.has(name));
    for (const name of fresh) this.masters.add(name);
    if (!isFirst && fresh.length > 0) this.lose(`${fresh.join(', ')} has taken over`);
  }

  private lose(what?: string): void {
    if (what && this.client?.status === 'ready') this.logger.warn(`Redis: ${what}`);
    this.losses++;
    for (const listener of this.whenLost) listener();
  }
}

const nameOf = ({ options }: Redis) => `${options.host}:${options.port}`;
