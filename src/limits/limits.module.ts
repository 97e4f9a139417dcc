import { Module } from '@nestjs/common';
import { ThrottlerModule, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { CacheModule } from '../cache/cache.module.js';
import { LimitStorage } from './limit-storage.js';
import { LimitsConfig } from './limits.config.js';
import { GENERAL, isStrict, STRICT } from './strict-limit.js';

const SECOND = 1000;

@Module({ imports: [CacheModule], providers: [LimitStorage], exports: [LimitStorage] })
class LimitStorageModule {}

/** What `RateLimitGuard` needs. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      imports: [LimitStorageModule],
      inject: [LimitsConfig, LimitStorage],
      useFactory: throttling,
    }),
  ],
  exports: [ThrottlerModule],
})
export class LimitsModule {}

function throttling(config: LimitsConfig, storage: LimitStorage): ThrottlerModuleOptions {
  const general = config.DEFAULT_RATE_LIMIT_LIMIT;
  const strict = config.AUTH_RATE_LIMIT_LIMIT;
  return {
    storage,
    throttlers: [
      {
        name: GENERAL,
        limit: general,
        ttl: config.DEFAULT_RATE_LIMIT_PERIOD * SECOND,
        skipIf: (context) => general === 0 || (strict > 0 && isStrict(context)),
      },
      {
        name: STRICT,
        limit: strict,
        ttl: config.AUTH_RATE_LIMIT_PERIOD * SECOND,
        skipIf: (context) => strict === 0 || !isStrict(context),
      },
    ],
  };
}
