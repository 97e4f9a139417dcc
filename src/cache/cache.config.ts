import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../config/settings.js';

@Settings()
export class CacheConfig {
  @IsInt() @Min(0) @Max(31_536_000) CLIENT_CACHE_MAX_AGE = 60;
}
