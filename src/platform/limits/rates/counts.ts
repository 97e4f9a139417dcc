import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../../redis/redis-client.js';

const MAX_KEYS = 100_000;
const SHARE_MILLISECONDS = 250;
const PREFIX = 'limit:';

/** The requests of one user or address in one period, when one of them was counted. */
export interface Count {
  /** Those that this process has seen. */
  own: number;
  /** Those that other processes have seen, as far as known. */
  others: number;
  /** When the period ends, in milliseconds since 1970. */
  resetAt: number;
}

interface Period extends Count {
  key: string;
  /** Where in Redis its `own` is. */
  field: string;
}

/**
 * Counts requests in fixed periods: in memory (at most 100,000 counts, the oldest go first), and with all processes that
 * use the same Redis if there is one. While Redis is away each process counts for itself.
 *
 * Redis holds what each process has counted, not a sum: a count can be sent again when nobody knows whether it arrived,
 * and a Redis that has lost everything learns it anew.
 */
export class Counts {
  private readonly counts = new Map<string, Period>();
  private readonly waiting = new Set<Period>();
  private readonly name = randomUUID();
  private made = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly redis?: RedisClient) {}

  /**
   * Counts one request.
   * @param period milliseconds
   * @param isStrict waits for what other processes have counted, else that is learned in the background
   */
  add(key: string, period: number, { isStrict = false } = {}): Count | Promise<Count> {
    const count = this.current(key, period);
    // Others go on counting while this one waits.
    const own = ++count.own;
    if (this.redis && isStrict) {
      return this.share(this.redis, count).then((others) => ({ own, others, resetAt: count.resetAt }));
    }
    if (this.redis) this.shareSoon(this.redis, count);
    return { own, others: count.others, resetAt: count.resetAt };
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private current(key: string, period: number): Period {
    const now = Date.now();
    const known = this.counts.get(key);
    if (known && known.resetAt > now) return known;
    // Removed first, so that the map stays ordered by age.
    this.counts.delete(key);
    if (this.counts.size >= MAX_KEYS) this.counts.delete(this.counts.keys().next().value!);
    const field = `${this.name} ${++this.made}`;
    const fresh = { key, field, own: 0, others: 0, resetAt: now + period };
    this.counts.set(key, fresh);
    return fresh;
  }

  private shareSoon(redis: RedisClient, count: Period): void {
    this.waiting.add(count);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const counts = [...this.waiting];
      this.waiting.clear();
      for (const one of counts) void this.share(redis, one);
    }, SHARE_MILLISECONDS).unref();
  }

  /** Returns the current count of the other processes, or the last one known. */
  private async share(redis: RedisClient, count: Period): Promise<number> {
    const { own, field, resetAt } = count;
    const left = resetAt - Date.now();
    // Before a cluster client knows its servers, it would queue commands.
    if (left <= 0 || redis.status !== 'ready') return count.others;
    try {
      const key = PREFIX + count.key;
      const answers = await redis.multi().hset(key, field, own).pexpire(key, left, 'NX').pttl(key).hvals(key).exec();
      const [, , ttl, counts] = answers!.map(([error, value]) => {
        if (error) throw error;
        return value;
      }) as [unknown, unknown, number, string[]];
      const total = counts.reduce((sum, one) => sum + Number(one), 0);
      count.others = total - own;
      count.resetAt = Date.now() + ttl;
    } catch {
      // Counted again with the next request.
    }
    return count.others;
  }
}
