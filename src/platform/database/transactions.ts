import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientBase } from 'pg';

interface Transaction {
  manager: EntityManager;
  client: ClientBase;
  afterCommit: (() => void)[];
}

/** Lets service methods that write twice share one transaction; `Crud` joins whichever is open. */
@Injectable()
export class Transactions {
  private readonly open = new AsyncLocalStorage<Transaction>();
  private running = 0;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in a transaction: the open one if there is one, else a new one that commits when `work` resolves and
   * rolls back when it throws.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.open.getStore()) return work();
    const afterCommit: (() => void)[] = [];
    this.running++;
    try {
      const result = await this.dataSource.transaction(async (manager) => {
        const client = (await manager.queryRunner!.connect()) as ClientBase;
        return this.open.run({ manager, client, afterCommit }, work);
      });
      for (const then of afterCommit) then();
      return result;
    } finally {
      // While it is on, Node 20 does extra work for every promise of the process.
      if (--this.running === 0) this.open.disable();
    }
  }

  /**
   * Runs `change` by itself; or, where `holds` is given, in a transaction in which it does not throw.
   * @param read what `holds` judges; it locks the row, which so is the same until the change is made
   */
  runIf<R, T>(holds: ((read: R) => void) | undefined, read: () => Promise<R>, change: () => Promise<T>): Promise<T> {
    if (!holds) return change();
    return this.run(async () => {
      holds(await read());
      return change();
    });
  }

  /** Calls `then` when the open transaction has committed, and never if it rolls back; at once when none is open. */
  afterCommit(then: () => void): void {
    const open = this.open.getStore();
    if (open) open.afterCommit.push(then);
    else then();
  }

  /** The open transaction's entity manager, or the data source's own. */
  get manager(): EntityManager {
    return this.open.getStore()?.manager ?? this.dataSource.manager;
  }

  /** The open transaction's connection, if there is one. */
  get client(): ClientBase | undefined {
    return this.open.getStore()?.client;
  }
}
