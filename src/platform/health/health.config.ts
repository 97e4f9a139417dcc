import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { Settings } from '../config/settings.js';

@Settings()
export class HealthConfig {
  /** Where a process shows its metrics, and a worker answers probes; nowhere unless set. */
  @IsOptional() @IsInt() @Min(0) @Max(65535) METRICS_PORT?: number;
}
