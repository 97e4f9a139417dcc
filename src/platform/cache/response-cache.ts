import { Injectable } from '@nestjs/common';
import { Notifications } from '../database/notifications.js';
import { Replicas } from '../database/replicas/replicas.js';
import { CacheConfig } from './cache.config.js';
import { MemoryTier } from './memory-tier.js';
import { RecentInvalidations } from './recent-invalidations.js';
import { droppedBy, SharedTier } from './shared-tier.js';
import type { StoredResponse } from './stored-response.js';

const CHANNEL = 'cache_invalidated';
const MEMORY_BYTES = 64 * 1024 * 1024;
// A notification carries at most 8,000 bytes.
const KEYS_PER_NOTIFICATION = 20;

/** Reads an answer from the database, see `ReadScope`. */
type Load = (asOf?: number) => Promise<StoredResponse>;

/**
 * Serialised answers: in the memory of this process, and behind it in Redis where there is one. What is invalidated is
 * dropped in every process. A process that could miss that (it cannot listen) asks the database each time.
 */
@Injectable()
export class ResponseCache {
  private readonly memory = new MemoryTier(MEMORY_BYTES);
  private readonly changes = new RecentInvalidations();
  private readonly isEnabled: boolean;
  /** How many reads each tier could answer so far, and how many it could not. */
  readonly reads = { memory: { hits: 0, misses: 0 }, redis: { hits: 0, misses: 0 } };

  constructor(
    private readonly shared: SharedTier,
    private readonly notifications: Notifications,
    private readonly replicas: Replicas,
    { CACHE_ENABLED }: CacheConfig,
  ) {
    this.isEnabled = CACHE_ENABLED;
    notifications.subscribe(CHANNEL, {
      heard: (keys) => this.hear(keys.split('\n')),
      missed: () => {
        this.memory.clear();
        this.changes.addAll();
      },
    });
  }

  /** Whether cached responses may be used. */
  get isTrusted(): boolean {
    return this.isEnabled && this.notifications.isListening;
  }

  /** What is in memory. */
  get(id: string): StoredResponse | undefined {
    const known = this.memory.get(id);
    if (known) this.reads.memory.hits++;
    else this.reads.memory.misses++;
    return known;
  }

  /**
   * What a replica must have to be asked for an answer with these keys; undefined when only the primary may be asked:
   * without replicas, and while this process could miss a change.
   * @param generations tell of changes that have not been heard of here yet
   */
  asOf(keys: string[], generations = ''): number | undefined {
    if (!this.replicas.areThere || !this.notifications.isListening) return undefined;
    return Math.max(this.changes.lastOf(keys), droppedBy(generations));
  }

  /**
   * The answer from Redis, or from `load`, which runs once however many wait for it.
   * @param id tells answers apart
   * @param keys those under which it can be invalidated
   * @param ttl seconds
   */
  load(id: string, keys: string[], ttl: number, load: Load): Promise<StoredResponse> {
    // Read after the load is registered: from now on, a change drops its response.
    const loadHere = () => load(this.asOf(keys));
    return this.memory.load(id, keys, ttl, () =>
      this.shared.isOn ? this.loadShared(id, keys, ttl, load) : loadHere(),
    );
  }

  /** Drops every answer under one of the keys; call it when the change has committed. */
  async invalidate(keys: string[]): Promise<void> {
    this.drop(keys);
    const messages = [];
    for (let start = 0; start < keys.length; start += KEYS_PER_NOTIFICATION) {
      messages.push(keys.slice(start, start + KEYS_PER_NOTIFICATION).join('\n'));
    }
    await Promise.all([
      this.shared.isOn && this.shared.drop(keys),
      ...messages.map((message) => this.notifications.notify(CHANNEL, message)),
    ]);
  }

  private async loadShared(id: string, keys: string[], ttl: number, load: Load): Promise<StoredResponse> {
    // Before the database is asked: a change in the meantime renews a generation, which puts the response out of reach.
    const generations = await this.shared.generations(keys);
    const known = generations && (await this.shared.get(id, generations));
    if (known) this.reads.redis.hits++;
    else this.reads.redis.misses++;
    if (known) return known;
    const answer = await load(this.asOf(keys, generations));
    if (generations) void this.shared.set(id, generations, answer, ttl);
    return answer;
  }

  /** Also in Redis, because the process that made the change may have died before it could do so. */
  private hear(keys: string[]): void {
    this.drop(keys);
    if (this.shared.isOn) void this.shared.drop(keys);
  }

  private drop(keys: string[]): void {
    for (const key of keys) this.memory.drop(key);
    if (this.replicas.areThere) this.changes.add(keys);
  }
}
