import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../config/settings.js';

@Settings()
export class WorkerConfig {
  @IsInt() @Min(1) @Max(1000) WORKER_CONCURRENCY = 8;
  @IsInt() @Min(1) @Max(3600) WORKER_SHUTDOWN_SECONDS = 25;
}
