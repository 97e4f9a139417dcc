import { Module } from '@nestjs/common';
import { CacheModule as CacheManagerModule } from '@nestjs/cache-manager';
import { DiscoveryModule } from '@nestjs/core';
import { Keyv } from 'keyv';
import { ResponseCache } from './response-cache.js';
import { RequestKeys } from './request-keys.js';
import { CachePlans } from './cache-plans.js';
import { CachedResponses } from './cached-responses.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisStore } from './redis-store.js';
import { SharedTier } from './shared-tier.js';

@Module({
  imports: [
    RedisModule,
    DiscoveryModule,
    CacheManagerModule.registerAsync({
      imports: [RedisModule],
      inject: [RedisConnection],
      useFactory: (redis: RedisConnection) => ({
        stores: [new Keyv({ store: new RedisStore(redis), namespace: 'cache', throwOnErrors: true })],
      }),
    }),
  ],
  providers: [ResponseCache, RequestKeys, CachePlans, CachedResponses, SharedTier],
  exports: [RedisModule, ResponseCache, CachePlans],
})
export class CacheModule {}
