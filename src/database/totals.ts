import { FEW } from './statement.js';

const FRESH_MILLISECONDS = 60_000;
const MAX_TOTALS = 1_000;

interface Total {
  count: number;
  countedAt: number;
  isRenewed: boolean;
}

/** Remembers how many rows there are where there are too many to count for each page. */
export class Totals {
  private readonly known = new Map<string, Total>();

  /**
   * @param few counts up to one more than `FEW`
   * @param all counts everything
   */
  async get(id: string, { few, all }: { few: () => Promise<number>; all: () => Promise<number> }): Promise<number> {
    const known = this.known.get(id);
    if (known) {
      if (known.countedAt < Date.now() - FRESH_MILLISECONDS && !known.isRenewed) void this.renew(id, known, all);
      return known.count;
    }
    const count = await few();
    return count > FEW ? this.remember(id, await all()) : count;
  }

  private async renew(id: string, known: Total, all: () => Promise<number>): Promise<void> {
    known.isRenewed = true;
    try {
      const count = await all();
      if (count > FEW) this.remember(id, count);
      else this.known.delete(id);
    } catch {
      // The next page tries again.
      known.isRenewed = false;
    }
  }

  private remember(id: string, count: number): number {
    if (this.known.size >= MAX_TOTALS) this.known.delete(this.known.keys().next().value!);
    this.known.set(id, { count, countedAt: Date.now(), isRenewed: false });
    return count;
  }
}
