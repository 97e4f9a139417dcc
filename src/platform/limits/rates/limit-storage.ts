import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { RedisConnection } from '../../redis/redis-connection.js';
import { type Count, Counts } from './counts.js';
import { STRICT } from './strict-limit.js';

const SECOND = 1000;

export type LimitRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Where @nestjs/throttler counts. If there is a Redis, the strict limit asks it each time, the general one now and then. */
@Injectable()
export class LimitStorage implements ThrottlerStorage, OnModuleDestroy {
  /** How many requests were refused, by what they were counted for. */
  readonly refusals = {
    user: 0,
    access_key: 0,
    access_keys_of_user: 0,
    address: 0,
    accounts_of_address: 0,
    registrations: 0,
  };

  private readonly counts: Counts;

  constructor({ client }: RedisConnection) {
    this.counts = new Counts(client);
  }

  /**
   * Counts one request. `period` is in milliseconds, the times in the answer are in seconds, as the interface wants it. The
   * general limit is known at once, without waiting.
   */
  count(key: string, period: number, limit: number, name: string): LimitRecord | Promise<LimitRecord> {
    const count = this.counts.add(key, period, { isStrict: name === STRICT });
    return count instanceof Promise ? count.then((one) => recordOf(one, limit)) : recordOf(count, limit);
  }

  async increment(key: string, period: number, limit: number, _block: number, name: string): Promise<LimitRecord> {
    return this.count(key, period, limit, name);
  }

  onModuleDestroy(): void {
    this.counts.close();
  }
}

function recordOf({ own, others, resetAt }: Count, limit: number): LimitRecord {
  const totalHits = own + others;
  const timeToExpire = Math.max(1, Math.ceil((resetAt - Date.now()) / SECOND));
  return { totalHits, timeToExpire, isBlocked: totalHits > limit, timeToBlockExpire: timeToExpire };
}
