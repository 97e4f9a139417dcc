import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { Host } from '../config/host.js';
import { type RedisPlace, redisPlace, RedisUrl } from '../config/redis-url.js';
import { Settings } from '../config/settings.js';

@Settings()
export class CacheConfig {
  @IsInt() @Min(0) @Max(31_536_000) CLIENT_CACHE_MAX_AGE = 60;
  @IsBoolean() CACHE_ENABLED: boolean = true;

  @Host()
  REDIS_CACHE_HOST?: string;
  @IsInt() @Min(1) @Max(65535) REDIS_CACHE_PORT = 6379;
  /** Wins over host and port. */
  @RedisUrl()
  REDIS_CACHE_URL?: string;

  /** Undefined: each process for itself. */
  get redis(): RedisPlace | undefined {
    return redisPlace(this.REDIS_CACHE_URL, this.REDIS_CACHE_HOST, this.REDIS_CACHE_PORT);
  }
}
