import { FEW } from './compiled-statement.js';

// After the first period a total is counted again in the background; after the second, callers wait for it.
const AGEING_MILLISECONDS = 30_000;
const OLD_MILLISECONDS = 60_000;
const MAX_TOTALS = 1_000;

interface Total {
  count: number;
  countedAt: number;
}

interface Counts {
  /** Counts up to one more than `FEW`. */
  few: () => Promise<number>;
  /** Counts everything. */
  all: () => Promise<number>;
}

/** Remembers the number of rows of lists that are too long to count for each page. */
export class Totals {
  private readonly known = new Map<string, Total>();
  private readonly counting = new Map<string, Promise<number>>();

  /** Exact up to `FEW`, and beyond at most a minute old. */
  async get(id: string, { few, all }: Counts): Promise<number> {
    const known = this.known.get(id);
    const age = known ? Date.now() - known.countedAt : Infinity;
    if (known && age < OLD_MILLISECONDS) {
      // If it fails, the next page tries again.
      if (age >= AGEING_MILLISECONDS) this.renew(id, all).catch(() => undefined);
      return known.count;
    }
    if (!known) {
      const count = await few();
      if (count <= FEW) return count;
    }
    return this.renew(id, all);
  }

  /** Counts everything, once for all waiting callers. */
  private renew(id: string, all: () => Promise<number>): Promise<number> {
    let counting = this.counting.get(id);
    if (!counting) {
      const countedAt = Date.now();
      counting = all()
        .then((count) => this.remember(id, { count, countedAt }))
        .finally(() => this.counting.delete(id));
      this.counting.set(id, counting);
    }
    return counting;
  }

  private remember(id: string, total: Total): number {
    this.known.delete(id);
    if (total.count <= FEW) return total.count;
    if (this.known.size >= MAX_TOTALS) this.known.delete(this.known.keys().next().value!);
    this.known.set(id, total);
    return total.count;
  }
}
