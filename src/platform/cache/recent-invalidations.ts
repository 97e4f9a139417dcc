import { MAX_LAG_MILLISECONDS } from '../database/replicas/replica.js';

const MAX_KEYS = 100_000;

/**
 * When keys were last dropped, as `performance.now()`: what a replica must have to be asked for what is under them. What
 * is older than `MAX_LAG_MILLISECONDS` is forgotten, as every replica that is asked has it.
 */
export class RecentInvalidations {
  private readonly keys = new Map<string, number>();
  private all = performance.now();

  add(names: string[]): void {
    const now = performance.now();
    for (const name of names) {
      this.keys.delete(name);
      this.keys.set(name, now);
    }
    for (const [name, at] of this.keys) {
      if (now - at <= MAX_LAG_MILLISECONDS) break;
      this.keys.delete(name);
    }
    if (this.keys.size > MAX_KEYS) this.addAll();
  }

  /** Assumes that every key has been dropped. */
  addAll(): void {
    this.keys.clear();
    this.all = performance.now();
  }

  lastOf(names: string[]): number {
    return Math.max(this.all, ...names.map((name) => this.keys.get(name) ?? this.all));
  }
}
