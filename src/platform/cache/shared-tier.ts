import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Cache, CACHE_MANAGER } from '@nestjs/cache-manager';
import { RedisConnection } from '../redis/redis-connection.js';
import { storable, type StoredResponse } from './stored-response.js';

// Longer than any response is kept: an expired generation makes responses unreachable, never stale.
const GENERATION_MILLISECONDS = 24 * 60 * 60 * 1000;
// Another format gets another number, so that releases side by side don't read each other's.
const FORMAT = 1;
// A key of every answer.
const EVERYTHING = '*';
const MAX_OWED = 10_000;
// A response that takes Redis too long would make every process do without it for a second.
const MAX_BYTES = 256 * 1024;
// The largest difference between the clocks of processes.
const CLOCK_MILLISECONDS = 2_000;

/** The generations of the keys of an answer when its load began: part of the name under which it is kept. */
export type Generations = string;

/** When one of the keys was last dropped at the latest, by whichever process, as `performance.now()` of this one. */
export function droppedBy(generations: Generations): number {
  const times = [...generations.matchAll(/@(\d+)/g)].map(([, time]) => Number(time));
  return Math.max(...times) - Date.now() + performance.now() + CLOCK_MILLISECONDS;
}

/**
 * Answers that all processes share, in Redis. Each key has a generation, and an answer is kept under those of its keys:
 * renewing one puts every answer under it out of reach, also those that are on their way from an earlier read.
 */
@Injectable()
export class SharedTier {
  readonly isOn: boolean;
  private readonly logger = new Logger(SharedTier.name);
  /** Keys that Redis has yet to drop; until it has, nothing in Redis is trusted. */
  private readonly owed = new Set<string>();

  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    redis: RedisConnection,
  ) {
    this.isOn = redis.client !== undefined;
    // A Redis that restarts or fails over may have forgotten which keys it was told to drop.
    redis.onLost(() => this.owed.add(EVERYTHING));
  }

  /** The current generations of keys; undefined when Redis can't tell. */
  async generations(keys: string[]): Promise<Generations | undefined> {
    if (!(await this.settle())) return undefined;
    try {
      const names = [EVERYTHING, ...keys].map(generationOf);
      const known = await this.cache.mget<string>(names);
      const renew = async (generation: string | undefined, name: string) => generation ?? (await this.renew(name));
      return (await Promise.all(known.map((generation, index) => renew(generation, names[index]!)))).join();
    } catch {
      return undefined;
    }
  }

  async get(id: string, generations: Generations): Promise<StoredResponse | undefined> {
    const found: unknown = await this.cache.get(nameOf(id, generations));
    return isAnswer(found) ? { body: storable(found.body), etag: found.etag } : undefined;
  }

  /**
   * Keeps an answer of at most 256 KiB.
   * @param ttl seconds
   */
  async set(id: string, generations: Generations, { body, etag }: StoredResponse, ttl: number): Promise<void> {
    if (body.length > MAX_BYTES) return;
    try {
      await this.cache.set(nameOf(id, generations), { body: body.toString(), etag }, ttl * 1000);
    } catch {
      // Then the next read asks the database again.
    }
  }

  /** Drops a key in Redis, or remembers to do so when Redis is back. */
  async drop(keys: string[]): Promise<void> {
    for (const key of keys) this.owed.add(key);
    if (this.owed.size > MAX_OWED) {
      this.owed.clear();
      this.owed.add(EVERYTHING);
    }
    await this.settle();
  }

  /** Drops the keys that Redis has yet to drop; returns whether none is left. */
  private async settle(): Promise<boolean> {
    if (this.owed.size === 0) return true;
    const keys = [...this.owed];
    try {
      await Promise.all(keys.map((key) => this.renew(generationOf(key), `@${Date.now()}`)));
      for (const key of keys) this.owed.delete(key);
      return this.owed.size === 0;
    } catch (error) {
      for (const key of keys) this.owed.add(key);
      this.logger.debug(`Redis has yet to drop ${keys.length} keys: ${(error as Error).message}`);
      return false;
    }
  }

  private async renew(name: string, time = ''): Promise<string> {
    const generation = randomUUID() + time;
    await this.cache.set(name, generation, GENERATION_MILLISECONDS);
    return generation;
  }
}

const generationOf = (key: string) => `generation:${key}`;
const nameOf = (id: string, generations: Generations) => `answer:${FORMAT}:${generations}:${id}`;

/** Redis may hold anything: another release's format, or what somebody else has put there. */
function isAnswer(found: unknown): found is { body: string; etag: string } {
  if (typeof found !== 'object' || found === null) return false;
  const { body, etag } = found as Partial<StoredResponse>;
  return typeof body === 'string' && typeof etag === 'string' && body.startsWith('{') && etag.startsWith('"');
}
