import { Injectable } from '@nestjs/common';
import type { ClientBase, Pool } from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from './data-source.js';
import type { NamedStatement, SqlResult } from './named-statement.js';
import { OpenTransaction } from './open-transaction.js';
import { againIfStale, PreparedStatements } from './prepared-statements.js';

const PLANNED = 'BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan';

/** Runs SQL that is written by hand. Values never belong into its text. Throws what PostgreSQL reports. */
@Injectable()
export class Sql {
  private readonly pool: Pool;
  private readonly prepared = new PreparedStatements();

  constructor(
    dataSource: DataSource,
    private readonly open: OpenTransaction,
  ) {
    this.pool = poolOf(dataSource);
  }

  /** Runs a statement in the open transaction, or by itself when none is open. */
  query<Row>(statement: string | NamedStatement, values?: unknown[]): Promise<SqlResult<Row>> {
    const { current } = this.open;
    return current ? this.joined<Row>(current.client, statement, values) : this.apart<Row>(statement, values);
  }

  /** Runs a statement by itself, whatever transaction is open: for what is done for many callers at once. */
  apart<Row>(statement: string | NamedStatement, values?: unknown[]): Promise<SqlResult<Row>> {
    return againIfStale(() => this.prepared.run<Row>(this.pool, statement, values));
  }

  /**
   * Runs a statement that PostgreSQL plans for its values, as they decide whether it reads few rows or many; in an open
   * transaction, like any other. It costs two more round trips.
   */
  queryPlanned<Row>(statement: NamedStatement): Promise<SqlResult<Row>> {
    if (this.open.current) return this.query<Row>(statement);
    return againIfStale(() => this.planned<Row>(statement));
  }

  private async joined<Row>(client: Promise<ClientBase>, statement: string | NamedStatement, values?: unknown[]) {
    return this.prepared.run<Row>(await client, statement, values);
  }

  private async planned<Row>(statement: NamedStatement): Promise<SqlResult<Row>> {
    const client = await this.pool.connect();
    try {
      await client.query(PLANNED);
      const result = await this.prepared.run<Row>(client, statement);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => client.release(),
        (broken: Error) => client.release(broken),
      );
      throw error;
    }
  }

  /** How many connections there are, and how many statements wait for one. */
  get connections(): { busy: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }
}
