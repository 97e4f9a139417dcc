import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../config/settings.js';

@Settings()
export class IdempotencyConfig {
  /** How long the response to a request with a key is kept. */
  @IsInt() @Min(1) @Max(720) IDEMPOTENCY_RETENTION_HOURS = 24;
  /** Of one user, or one address; 0 for no limit. */
  @IsInt() @Min(0) @Max(10_000_000) IDEMPOTENCY_MAX_KEYS_PER_OWNER = 10_000;
  /** Of what is kept for one user, or one address; 0 for no limit. */
  @IsInt() @Min(0) @Max(1_000_000_000_000) IDEMPOTENCY_MAX_BYTES_PER_OWNER = 67_108_864;
}
