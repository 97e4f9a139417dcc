import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { Host } from '../config/host.js';
import { Settings } from '../config/settings.js';

@Settings()
export class CacheConfig {
  @IsInt() @Min(0) @Max(31_536_000) CLIENT_CACHE_MAX_AGE = 60;
  @IsBoolean() CACHE_ENABLED: boolean = true;

  @Host()
  REDIS_CACHE_HOST?: string;
  @IsInt() @Min(1) @Max(65535) REDIS_CACHE_PORT = 6379;
}
