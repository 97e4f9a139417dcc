import { IsInt, Max, Min } from 'class-validator';
import { Host } from '../config/host.js';
import { Settings } from '../config/settings.js';
import { type RedisPlace, redisPlace, RedisUrl } from './redis-url.js';

/** The Redis that processes share for the cache and for limits. */
@Settings()
export class RedisConfig {
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
