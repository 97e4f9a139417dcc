import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

interface Transaction {
  manager: EntityManager;
  client: ClientBase;
  afterCommit: (() => void)[];
  isOver: boolean;
}

/** The transaction that is open where it is asked for. Code outside this folder has `Transactions`, `Sql` and `Crud`. */
@Injectable()
export class OpenTransaction {
  private readonly scope = new AsyncLocalStorage<Transaction>();
  private running = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** Undefined when none is open, also for work that has outlived the one that it was begun in. */
  get current(): Transaction | undefined {
    const transaction = this.scope.getStore();
    return transaction?.isOver ? undefined : transaction;
  }

  /** The open transaction's entity manager, or the data source's own. */
  get manager(): EntityManager {
    return this.current?.manager ?? this.dataSource.manager;
  }

  /** Commits a new transaction when `work` resolves, and rolls it back when it throws. Answers what is to be called then. */
  async begin<T>(work: () => Promise<T>): Promise<{ result: T; afterCommit: (() => void)[] }> {
    this.running++;
    try {
      return await this.dataSource.transaction(async (manager) => {
        const client = (await manager.queryRunner!.connect()) as ClientBase;
        const transaction: Transaction = { manager, client, afterCommit: [], isOver: false };
        const result = await this.scope.run(transaction, work).finally(() => (transaction.isOver = true));
        return { result, afterCommit: transaction.afterCommit };
      });
    } finally {
      // While it is on, Node 20 does extra work for every promise of the process.
      if (--this.running === 0) this.scope.disable();
    }
  }
}
