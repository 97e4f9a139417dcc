import { Injectable } from '@nestjs/common';
import { Notifications } from '../database/notifications.js';
import { CacheConfig } from './cache.config.js';
import { MemoryTier, type StoredAnswer } from './memory-tier.js';
import { SharedTier } from './shared-tier.js';

const CHANNEL = 'cache_invalidated';
const MEMORY_BYTES = 64 * 1024 * 1024;
// A notification carries at most 8,000 bytes.
const KEYS_PER_NOTIFICATION = 20;

/**
 * Serialised answers: in the memory of this process, and behind it in Redis where there is one. What is invalidated is
 * dropped in every process. A process that could miss that (it cannot listen) asks the database each time.
 */
@Injectable()
export class AnswerCache {
  private readonly memory = new MemoryTier(MEMORY_BYTES);
  private readonly isEnabled: boolean;
  /** How many reads each tier could answer so far, and how many it could not. */
  readonly reads = { memory: { hits: 0, misses: 0 }, redis: { hits: 0, misses: 0 } };

  constructor(
    private readonly shared: SharedTier,
    private readonly notifications: Notifications,
    { CACHE_ENABLED }: CacheConfig,
  ) {
    this.isEnabled = CACHE_ENABLED;
    notifications.subscribe(CHANNEL, {
      heard: (keys) => this.drop(keys.split('\n')),
      missed: () => this.memory.clear(),
    });
  }

  /** Whether what is kept may be answered. */
  get isTrusted(): boolean {
    return this.isEnabled && this.notifications.isListening;
  }

  /** What is in memory. */
  get(id: string): StoredAnswer | undefined {
    const known = this.memory.get(id);
    if (known) this.reads.memory.hits++;
    else this.reads.memory.misses++;
    return known;
  }

  /**
   * The answer from Redis, or from `load`, which runs once however many wait for it.
   * @param id tells answers apart
   * @param keys those under which it can be invalidated
   * @param ttl seconds
   */
  load(id: string, keys: string[], ttl: number, load: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    return this.memory.load(id, keys, ttl, () => (this.shared.isOn ? this.loadShared(id, keys, ttl, load) : load()));
  }

  /** Drops every answer under one of the keys; call it when the change has committed. */
  async invalidate(keys: string[]): Promise<void> {
    for (const key of keys) this.memory.drop(key);
    const messages = [];
    for (let start = 0; start < keys.length; start += KEYS_PER_NOTIFICATION) {
      messages.push(keys.slice(start, start + KEYS_PER_NOTIFICATION).join('\n'));
    }
    await Promise.all([
      this.shared.isOn && this.shared.drop(keys),
      ...messages.map((message) => this.notifications.notify(CHANNEL, message)),
    ]);
  }

  private async loadShared(
    id: string,
    keys: string[],
    ttl: number,
    load: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> {
    // Before the database is asked: what changes meanwhile renews a generation, and the answer ends up out of reach.
    const generations = await this.shared.generations(keys);
    const known = generations && (await this.shared.get(id, generations));
    if (known) this.reads.redis.hits++;
    else this.reads.redis.misses++;
    if (known) return known;
    const answer = await load();
    if (generations) void this.shared.set(id, generations, answer, ttl);
    return answer;
  }

  /** Also in Redis, as whoever made the change may have died before it came to that. */
  private drop(keys: string[]): void {
    for (const key of keys) this.memory.drop(key);
    if (this.shared.isOn) void this.shared.drop(keys);
  }
}
