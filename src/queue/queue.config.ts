import { IsInt, Max, Min } from 'class-validator';
import { Host } from '../config/host.js';
import { Settings } from '../config/settings.js';

/** Where the queue lives: in Redis if a host is set, else in PostgreSQL. */
@Settings()
export class QueueConfig {
  @Host()
  REDIS_QUEUE_HOST?: string;
  @IsInt() @Min(1) @Max(65535) REDIS_QUEUE_PORT = 6379;
}

@Settings()
export class WorkerConfig {
  @IsInt() @Min(1) @Max(1000) WORKER_CONCURRENCY = 8;
  @IsInt() @Min(1) @Max(3600) WORKER_SHUTDOWN_SECONDS = 25;
}
