import { Injectable } from '@nestjs/common';
import type { ClientBase, CustomTypesConfig, Pool } from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from './data-source.js';
import { OpenTransaction } from './open-transaction.js';
import { isSqlstate, STALE_PLAN } from './sqlstates.js';

const PLANNED = 'BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan';

/** A statement that PostgreSQL prepares once a connection; two of one name have the same text. */
export interface NamedStatement {
  /** Empty for one that is not kept. */
  name: string;
  text: string;
  values: unknown[];
  /** Rows as lists of values, in the order of `fields`. */
  rowMode?: 'array';
  /** How values are read; as everywhere, if nothing is said. */
  types?: CustomTypesConfig;
}

export interface SqlResult<Row> {
  rows: Row[];
  /** How many were read or written. */
  rowCount: number | null;
  /** The columns of the rows. */
  fields: { name: string }[];
}

/** Runs SQL that is written by hand. Values never belong into its text. Throws what PostgreSQL reports. */
@Injectable()
export class Sql {
  private readonly pool: Pool;

  constructor(
    dataSource: DataSource,
    private readonly open: OpenTransaction,
  ) {
    this.pool = poolOf(dataSource);
  }

  /** Runs a statement in the open transaction, or by itself when none is open. */
  query<Row>(statement: string | NamedStatement, values?: unknown[]): Promise<SqlResult<Row>> {
    const client = this.open.current?.client;
    return client ? run<Row>(client, statement, values) : this.apart<Row>(statement, values);
  }

  /** Runs a statement by itself, whatever transaction is open: for what is done for many callers at once. */
  async apart<Row>(statement: string | NamedStatement, values?: unknown[]): Promise<SqlResult<Row>> {
    try {
      return await run<Row>(this.pool, statement, values);
    } catch (error) {
      if (typeof statement === 'string' || !isSqlstate(error, STALE_PLAN)) throw error;
      // A migration has changed a column: do without the prepared statement.
      return run<Row>(this.pool, { ...statement, name: '' });
    }
  }

  /**
   * Runs a statement that PostgreSQL plans for its values, as they decide whether it reads few rows or many; in an open
   * transaction, like any other. It costs two more round trips.
   */
  async queryPlanned<Row>(statement: NamedStatement): Promise<SqlResult<Row>> {
    if (this.open.current) return this.query<Row>(statement);
    const client = await this.pool.connect();
    try {
      await client.query(PLANNED);
      const result = await run<Row>(client, statement);
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

function run<Row>(
  connection: Pool | ClientBase,
  statement: string | NamedStatement,
  values?: unknown[],
): Promise<SqlResult<Row>> {
  const result: unknown = connection.query(statement as string, values);
  return result as Promise<SqlResult<Row>>;
}
