import type { Pool, QueryResult } from 'pg';
import type { DataSource, ObjectLiteral, Repository } from 'typeorm';
import { poolOf } from '../data-source.js';
import type { Replicas } from '../replicas/replicas.js';
import { isSqlstate, STALE_PLAN } from '../sqlstates.js';
import type { Transactions } from '../transactions.js';
import type { ReadOptions } from './crud.options.js';
import { type Filter, isUnstorable, valuesOf } from './filter.js';
import { type Shape, Statements } from './statement.js';

/** Runs the reads of one entity as named prepared statements. */
export class Reader<E extends ObjectLiteral> {
  private readonly statements: Statements<E>;
  private readonly pool: Pool;

  constructor(
    repository: Repository<E>,
    dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly replicas?: Replicas,
  ) {
    this.statements = new Statements(repository);
    this.pool = poolOf(dataSource);
  }

  /** @param more the values that come after those of the filter: of a list, how many rows, and after how many */
  async select<T>(where: Filter<E>, shape: Shape, { asOf }: ReadOptions, ...more: unknown[]): Promise<T[]> {
    const values: unknown[] = [];
    const filterKey = valuesOf(where, values);
    if (values.some(isUnstorable)) return [];
    const { name, text, order } = this.statements.of(where, filterKey, shape);
    values.push(...more);
    const query = { name, text, values: order.map((index) => values[index]) };
    const found = asOf !== undefined && !this.transactions.client && (await this.replicas?.query(query, asOf));
    // A missing row has no cached response that its creation would drop, so the replica may just not have it yet.
    const isFound = found && found.rows.length > 0;
    if (this.replicas) this.replicas.reads[isFound ? 'replica' : 'primary']++;
    const { rows } = isFound ? found : await this.execute(query);
    return rows as T[];
  }

  async count(where: Filter<E>, shape: Shape, options: ReadOptions): Promise<number> {
    const [row] = await this.select<{ count: number }>(where, shape, options);
    if (row?.count === 0 && options.asOf !== undefined) return this.count(where, shape, {});
    return row?.count ?? 0;
  }

  /** A migration that changes a column makes prepared statements useless: outside a transaction, do without one. */
  private async execute(query: { name: string; text: string; values: unknown[] }): Promise<QueryResult> {
    if (this.transactions.client) return this.transactions.client.query(query);
    try {
      return await this.pool.query(query);
    } catch (error) {
      if (!isSqlstate(error, STALE_PLAN)) throw error;
      return this.pool.query({ text: query.text, values: query.values });
    }
  }
}
