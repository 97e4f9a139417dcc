import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

@Settings()
export class ApiKeysConfig {
  /** That have not been revoked and have not expired. */
  @IsInt() @Min(1) @Max(1_000) API_KEYS_MAX_PER_OWNER = 10;
}
