import { Injectable } from '@nestjs/common';
import { networkOf } from '../ip-network.js';
import { StreamsConfig } from './streams.config.js';
import { StreamsFull, TooManyStreams } from './streams.errors.js';

type Bound = 'user' | 'address' | 'process';

/** Counts the event streams that are open in this process: of each user, of each address, and all together. */
@Injectable()
export class OpenStreams {
  /** How many streams were refused, by the bound that they met. */
  readonly refused: Record<Bound, number> = { user: 0, address: 0, process: 0 };
  /** How many streams are open, by whom. */
  private readonly counts = new Map<string, number>();
  private all = 0;

  constructor(private readonly config: StreamsConfig) {}

  get count(): number {
    return this.all;
  }

  /**
   * Reserves a place for one stream; `from` is the address of its client. Throws `TooManyStreams` and `StreamsFull`.
   * @returns a function that gives the place back; call it once
   */
  enter(userId: number, from: string): () => void {
    const user = `user ${userId}`;
    const address = networkOf(from);
    this.requireRoom('user', this.of(user), this.config.STREAMS_MAX_PER_USER);
    this.requireRoom('address', this.of(address), this.config.STREAMS_MAX_PER_ADDRESS);
    this.requireRoom('process', this.all, this.config.STREAMS_MAX);
    this.add(1, user, address);
    return () => this.add(-1, user, address);
  }

  private requireRoom(bound: Bound, open: number, limit: number): void {
    if (open < limit) return;
    this.refused[bound]++;
    throw bound === 'process' ? new StreamsFull() : new TooManyStreams();
  }

  private of(whom: string): number {
    return this.counts.get(whom) ?? 0;
  }

  private add(change: 1 | -1, ...keys: string[]): void {
    this.all += change;
    for (const key of keys) {
      const count = this.of(key) + change;
      if (count > 0) this.counts.set(key, count);
      else this.counts.delete(key);
    }
  }
}
