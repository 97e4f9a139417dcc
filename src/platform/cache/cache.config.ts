import { IsBoolean } from 'class-validator';
import { Settings } from '../config/settings.js';

@Settings()
export class CacheConfig {
  @IsBoolean() CACHE_ENABLED: boolean = true;
}
