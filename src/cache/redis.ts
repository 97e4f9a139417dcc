import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Redis } from 'ioredis';
import { CacheConfig } from './cache.config.js';

const COMMAND_MILLISECONDS = 100;
// After a command that failed, nobody should wait for the next one to fail as well.
const PAUSE_MILLISECONDS = 1_000;
const SILENCE_MILLISECONDS = 1_000;

/**
 * The connection to the Redis that processes share, if there is one. A command that Redis does not answer at once fails
 * after 100 ms and is never queued: whoever sends it must be able to do without. After a second without any answer the
 * connection is given up, or commands would pile up in it and each would wait in vain.
 */
@Injectable()
export class RedisConnection implements OnModuleDestroy {
  /** Undefined without `REDIS_CACHE_HOST`. */
  readonly client?: Redis;
  private readonly logger = new Logger(RedisConnection.name);
  private isUp = true;
  private pausedUntil = 0;

  constructor({ REDIS_CACHE_HOST: host, REDIS_CACHE_PORT: port }: CacheConfig) {
    if (host === undefined) return;
    this.client = new Redis({
      host,
      port,
      commandTimeout: COMMAND_MILLISECONDS,
      socketTimeout: SILENCE_MILLISECONDS,
      connectTimeout: 2_000,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(times * 100, 2_000),
    });
    this.client.on('ready', () => this.tell(true));
    this.client.on('error', (error) => this.tell(false, error));
  }

  /** Whether a command is worth a try. */
  get isUsable(): boolean {
    return this.client?.status === 'ready' && this.pausedUntil <= Date.now();
  }

  /** Says that a command has failed. */
  pause(): void {
    this.pausedUntil = Date.now() + PAUSE_MILLISECONDS;
  }

  onModuleDestroy(): void {
    this.client?.disconnect();
  }

  /** Logs each outage once. */
  private tell(isUp: boolean, error?: Error): void {
    if (isUp === this.isUp) return;
    this.isUp = isUp;
    this.logger.warn(isUp ? 'Redis is back' : `Redis cannot be reached: ${error?.message ?? ''}`);
  }
}
