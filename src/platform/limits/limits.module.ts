import { Module } from '@nestjs/common';
import { ThrottlerModule, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { CacheModule } from '../cache/cache.module.js';
import { Connections } from './connection-limits.js';
import { LimitStorage } from './rates/limit-storage.js';
import { LimitsConfig } from './rates/limits.config.js';
import { Receiving } from './bytes/receiving.js';
import { RegistrationsLimit } from './rates/registrations-limit.js';
import { Sending } from './bytes/sending.js';
import { GENERAL, STRICT } from './rates/strict-limit.js';
import { ConcurrentRequests } from './concurrent-requests.js';
import { UnguardedLimit } from './rates/unguarded-limit.js';

const SECOND = 1000;

/** What is counted: by `RateLimitGuard`, and by whatever else is limited. */
@Module({
  imports: [CacheModule],
  providers: [LimitStorage, RegistrationsLimit, UnguardedLimit],
  exports: [LimitStorage, RegistrationsLimit, UnguardedLimit],
})
export class CountsModule {}

/** What `RateLimitGuard` needs, and the bounds of what is open and under way. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      imports: [CountsModule],
      inject: [LimitsConfig, LimitStorage],
      useFactory: throttling,
    }),
  ],
  providers: [Connections, Receiving, Sending, ConcurrentRequests],
  exports: [ThrottlerModule, Connections, Receiving, Sending, ConcurrentRequests],
})
export class LimitsModule {}

function throttling(config: LimitsConfig, storage: LimitStorage): ThrottlerModuleOptions {
  const general = { limit: config.DEFAULT_RATE_LIMIT_LIMIT, ttl: config.DEFAULT_RATE_LIMIT_PERIOD * SECOND };
  const strict = { limit: config.AUTH_RATE_LIMIT_LIMIT, ttl: config.AUTH_RATE_LIMIT_PERIOD * SECOND };
  return {
    storage,
    throttlers: [
      { name: GENERAL, ...general },
      { name: STRICT, ...strict },
    ],
  };
}
