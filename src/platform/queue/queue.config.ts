import { IsInt, Max, Min } from 'class-validator';
import { Host } from '../config/host.js';
import { type RedisPlace, redisPlace, RedisUrl } from '../redis/redis-url.js';
import { Settings } from '../config/settings.js';

/** Where the queue lives: in Redis if a host or a URL is set, else in PostgreSQL. */
@Settings()
export class QueueConfig {
  @Host()
  REDIS_QUEUE_HOST?: string;
  @IsInt() @Min(1) @Max(65535) REDIS_QUEUE_PORT = 6379;
  /** Wins over host and port. */
  @RedisUrl()
  REDIS_QUEUE_URL?: string;

  /** Undefined: in PostgreSQL. */
  get redis(): RedisPlace | undefined {
    return redisPlace(this.REDIS_QUEUE_URL, this.REDIS_QUEUE_HOST, this.REDIS_QUEUE_PORT);
  }
}

@Settings()
export class WorkerConfig {
  @IsInt() @Min(1) @Max(1000) WORKER_CONCURRENCY = 8;
  @IsInt() @Min(1) @Max(3600) WORKER_SHUTDOWN_SECONDS = 25;
  /** Of the memory of each thread that a task computes in. */
  @IsInt() @Min(16) @Max(65_536) TASK_THREAD_MEGABYTES = 96;
}
