import { IsBoolean, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Settings } from '../config/settings.js';

@Settings()
export class CacheConfig {
  @IsInt() @Min(0) @Max(31_536_000) CLIENT_CACHE_MAX_AGE = 60;
  @IsBoolean() CACHE_ENABLED: boolean = true;

  @IsOptional()
  @Matches(/^([\w.-]+|[\da-f:]+)$/i, { message: 'REDIS_CACHE_HOST must be a host name or an address' })
  REDIS_CACHE_HOST?: string;
  @IsInt() @Min(1) @Max(65535) REDIS_CACHE_PORT = 6379;
}
