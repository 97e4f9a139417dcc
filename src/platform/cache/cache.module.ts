import { Module } from '@nestjs/common';
import { CacheModule as CacheManagerModule } from '@nestjs/cache-manager';
import { DiscoveryModule } from '@nestjs/core';
import { Keyv } from 'keyv';
import { AnswerCache } from './answer-cache.js';
import { AnswerIds } from './answer-ids.js';
import { CachePlans } from './cache-plans.js';
import { CachedAnswers } from './cached-answers.js';
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
  providers: [AnswerCache, AnswerIds, CachePlans, CachedAnswers, SharedTier],
  exports: [RedisModule, AnswerCache, CachePlans],
})
export class CacheModule {}
