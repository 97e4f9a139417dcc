import type { Redis } from 'ioredis';

const MAX_KEYS = 100_000;
const SHARE_MILLISECONDS = 250;
const PREFIX = 'limit:';

/** The requests of one user or address in one period. */
export interface Count {
  key: string;
  /** Those that this process has seen. */
  own: number;
  /** How many of them Redis knows of. */
  shared: number;
  /** Those that other processes have seen, as far as known. */
  others: number;
  /** When the period ends, in milliseconds since 1970. */
  resetAt: number;
}

/**
 * Counts requests in fixed periods: in memory (at most 100,000 counts, the oldest go first), and with all processes that
 * use the same Redis if there is one. While Redis is away each process counts for itself.
 */
export class Counts {
  private readonly counts = new Map<string, Count>();
  private readonly waiting = new Set<Count>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly redis?: Redis) {}

  /**
   * Counts one request.
   * @param period milliseconds
   * @param isStrict waits for what other processes have counted, else that is learned in the background
   */
  async add(key: string, period: number, { isStrict = false } = {}): Promise<Count> {
    const count = this.current(key, period);
    count.own++;
    if (this.redis && isStrict) await this.share(this.redis, count);
    else if (this.redis) this.shareSoon(this.redis, count);
    return count;
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private current(key: string, period: number): Count {
    const now = Date.now();
    const known = this.counts.get(key);
    if (known && known.resetAt > now) return known;
    // Taken out first, so that the map stays in the order of its ages.
    this.counts.delete(key);
    if (this.counts.size >= MAX_KEYS) this.counts.delete(this.counts.keys().next().value!);
    const fresh = { key, own: 0, shared: 0, others: 0, resetAt: now + period };
    this.counts.set(key, fresh);
    return fresh;
  }

  private shareSoon(redis: Redis, count: Count): void {
    this.waiting.add(count);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const counts = [...this.waiting];
      this.waiting.clear();
      for (const one of counts) void this.share(redis, one);
    }, SHARE_MILLISECONDS).unref();
  }

  private async share(redis: Redis, count: Count): Promise<void> {
    const left = count.resetAt - Date.now();
    if (left <= 0) return;
    const { own } = count;
    const added = own - count.shared;
    count.shared = own;
    try {
      const key = PREFIX + count.key;
      const answers = await redis.multi().incrby(key, added).pexpire(key, left, 'NX').pttl(key).exec();
      const [total, , ttl] = answers!.map(([error, value]) => {
        if (error) throw error;
        return Number(value);
      });
      count.others = total! - own;
      count.resetAt = Date.now() + ttl!;
    } catch {
      count.shared -= added;
    }
  }
}
