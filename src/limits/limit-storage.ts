import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { RedisConnection } from '../cache/redis.js';
import { Counts } from './counts.js';
import { STRICT } from './strict-limit.js';

const SECOND = 1000;

/** Where @nestjs/throttler counts. The strict limit asks Redis, if there is one, each time; the general one now and then. */
@Injectable()
export class LimitStorage implements ThrottlerStorage, OnModuleDestroy {
  private readonly counts: Counts;

  constructor({ client }: RedisConnection) {
    this.counts = new Counts(client);
  }

  /** Counts one request. `period` is in milliseconds, the times in the answer are in seconds, as the interface wants it. */
  async increment(key: string, period: number, limit: number, _block: number, name: string) {
    const { own, others, resetAt } = await this.counts.add(key, period, { isStrict: name === STRICT });
    const totalHits = own + others;
    const timeToExpire = Math.max(1, Math.ceil((resetAt - Date.now()) / SECOND));
    return { totalHits, timeToExpire, isBlocked: totalHits > limit, timeToBlockExpire: timeToExpire };
  }

  onModuleDestroy(): void {
    this.counts.close();
  }
}
