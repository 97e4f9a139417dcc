import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';

/** Work that is done first thing in a transaction. */
type First = () => Promise<void>;

/** A transaction, which begins with its first statement: until then it holds no connection. */
class Transaction {
  readonly afterCommit: (() => void)[] = [];
  isOver = false;
  private begun?: Promise<ClientBase>;

  /** @param begins does what comes first, once there is a connection */
  constructor(
    private readonly runner: QueryRunner,
    private readonly begins: (client: ClientBase) => Promise<void>,
  ) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** The connection, on which it has begun. Fails for good where what comes first does. */
  get client(): Promise<ClientBase> {
    this.begun ??= this.begin();
    return this.begun;
  }

  async commit(): Promise<void> {
    if (!this.begun) return;
    await this.begun;
    await this.runner.commitTransaction();
  }

  async rollBack(): Promise<void> {
    // The reason for it is told, whatever becomes of it.
    await this.begun?.catch(() => undefined);
    if (this.runner.isTransactionActive) await this.runner.rollbackTransaction().catch(() => undefined);
  }

  private async begin(): Promise<ClientBase> {
    const client = (await this.runner.connect()) as ClientBase;
    await this.runner.startTransaction();
    await this.begins(client);
    return client;
  }
}

type Current = Pick<Transaction, 'manager' | 'client' | 'afterCommit' | 'isOver'>;

/** The transaction that is open where it is asked for. Code outside this folder has `Transactions`, `Sql` and `Crud`. */
@Injectable()
export class OpenTransaction {
  private readonly scope = new AsyncLocalStorage<Current>();
  private running = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** Undefined when none is open, also for work that has outlived the one that it was begun in. */
  get current(): Current | undefined {
    const transaction = this.scope.getStore();
    return transaction?.isOver ? undefined : transaction;
  }

  /** The open transaction's entity manager, or the data source's own. A statement of it has to wait for `begun`. */
  get manager(): EntityManager {
    return this.current?.manager ?? this.dataSource.manager;
  }

  /** Waits until the open transaction has begun, if there is one. */
  async begun(): Promise<void> {
    await this.current?.client;
  }

  /** Commits a new transaction when `work` resolves, and rolls it back when it throws. Answers what is to be called then. */
  async begin<T>(work: () => Promise<T>, first?: First): Promise<{ result: T; afterCommit: (() => void)[] }> {
    this.running++;
    const runner = this.dataSource.createQueryRunner();
    const transaction: Transaction = new Transaction(runner, (client) => this.doFirst(first, transaction, client));
    try {
      const result = await this.scope.run(transaction, work).finally(() => (transaction.isOver = true));
      await transaction.commit();
      return { result, afterCommit: transaction.afterCommit };
    } catch (error) {
      await transaction.rollBack();
      throw error;
    } finally {
      await runner.release();
      // While it is on, Node 20 does extra work for every promise of the process.
      if (--this.running === 0) this.scope.disable();
    }
  }

  /** In the transaction, while everything else in it still waits. */
  private async doFirst(
    first: First | undefined,
    { manager, afterCommit }: Current,
    client: ClientBase,
  ): Promise<void> {
    if (first) await this.scope.run({ manager, client: Promise.resolve(client), afterCommit, isOver: false }, first);
  }
}
