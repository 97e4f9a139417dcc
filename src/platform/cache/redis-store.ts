import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { Cluster } from 'ioredis';
import type { RedisClient } from '../redis/redis-client.js';
import type { RedisConnection } from '../redis/redis-connection.js';

/** Lets Keyv, and so cache-manager, use our connection: a command that Redis does not answer at once throws. */
export class RedisStore implements KeyvStoreAdapter {
  readonly opts = {};
  namespace?: string;

  constructor(private readonly redis: RedisConnection) {}

  get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    return this.try(async (client) => ((await client.get(key)) ?? undefined) as StoredData<Value> | undefined);
  }

  getMany<Value>(keys: string[]): Promise<StoredData<Value | undefined>[]> {
    return this.try(async (client) => {
      // Those of a cluster are on several servers.
      const each = () => Promise.all(keys.map((key) => client.get(key)));
      const values = await (client instanceof Cluster ? each() : client.mget(keys));
      return values.map((value) => value ?? undefined) as StoredData<Value | undefined>[];
    });
  }

  set(key: string, value: string, ttl?: number): Promise<boolean> {
    return this.try(async (client) => {
      await (ttl ? client.set(key, value, 'PX', ttl) : client.set(key, value));
      return true;
    });
  }

  delete(key: string): Promise<boolean> {
    return this.try(async (client) => (await client.del(key)) > 0);
  }

  /** Other data in the same Redis stays; our entries expire by themselves. */
  clear(): Promise<void> {
    return Promise.reject(new Error('The shared cache is never cleared as a whole'));
  }

  /** Keyv listens for errors, which reach it as rejections. */
  on(): this {
    return this;
  }

  private async try<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.redis.client || !this.redis.isUsable) throw new Error('Redis is not usable at the moment');
    try {
      const { losses } = this.redis;
      const answer = await command(this.redis.client);
      // A cluster leads a command at once to the server that has taken over, which may not know the last changes.
      if (this.redis.countLosses() !== losses) throw new Error('Redis has lost a server meanwhile');
      return answer;
    } catch (error) {
      this.redis.pause();
      throw error;
    }
  }
}
