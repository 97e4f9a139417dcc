import { Injectable } from '@nestjs/common';
import { OpenTransaction } from './open-transaction.js';
import { againIfStale } from './prepared-statements.js';

/** Lets service methods that write twice share one transaction; `Crud` and `Sql` join whichever is open. */
@Injectable()
export class Transactions {
  constructor(private readonly open: OpenTransaction) {}

  /**
   * Runs `work` in the open transaction, or else in one that commits when it resolves and rolls back when it throws, and
   * that is run again if a migration was applied meanwhile. It begins with the first statement in it: what `work` does
   * before holds no connection.
   * @param first what the new transaction begins with; nothing else happens in it where that throws
   */
  async run<T>(work: () => Promise<T>, first?: () => Promise<void>): Promise<T> {
    if (this.open.current) return work();
    const { result, afterCommit } = await againIfStale(() => this.open.begin(work, first));
    for (const then of afterCommit) then();
    return result;
  }

  /** Runs `change` by itself; or, where `holds` is given, in a transaction after it has judged what `read` has locked. */
  runIf<R, T>(holds: ((read: R) => void) | undefined, read: () => Promise<R>, change: () => Promise<T>): Promise<T> {
    if (!holds) return change();
    return this.run(async () => {
      holds(await read());
      return change();
    });
  }

  /** Calls `then` when the open transaction has committed, and never if it rolls back; at once when none is open. */
  afterCommit(then: () => void): void {
    const { current } = this.open;
    if (current) current.afterCommit.push(then);
    else then();
  }

  get isOpen(): boolean {
    return this.open.current !== undefined;
  }
}
