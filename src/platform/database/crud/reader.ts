import type { ObjectLiteral, Repository } from 'typeorm';
import type { CrudDoors } from './crud.options.js';
import { type Filter, isUnstorable, valuesOf } from './filter.js';
import { type Shape, Statements } from './compiled-statement.js';
import { compileRow } from './nested-rows.js';
import { responseTypes } from '../value-types.js';

/** Runs the reads of one entity as named prepared statements. */
export class Reader<E extends ObjectLiteral> {
  private readonly statements: Statements<E>;

  constructor(
    repository: Repository<E>,
    private readonly doors: CrudDoors,
  ) {
    this.statements = new Statements(repository);
  }

  /** @param more the values that come after those of the filter: of a list, how many rows, and after how many */
  async select<T>(where: Filter<E>, shape: Shape, ...more: unknown[]): Promise<T[]> {
    const values: unknown[] = [];
    const filterKey = valuesOf(where, values);
    if (values.some(isUnstorable)) return [];
    const statement = this.statements.of(where, filterKey, shape);
    const { name, text, order } = statement;
    values.push(...more);
    const types = typeof shape.what === 'object' && shape.what.isResponse ? responseTypes : undefined;
    const given = order.map((index) => values[index]);
    const query = { name: shape.isFiltered ? '' : name, text, values: given, rowMode: 'array' as const, types };
    const { open, replicas, sql } = this.doors;
    const asOf = shape.isPlanned ? undefined : replicas?.asOf;
    const found = asOf !== undefined && !open.current && (await replicas!.query(query, asOf));
    // A missing row has no cached response that its creation would drop, so the replica may just not have it yet.
    const isFound = found && found.rows.length > 0;
    if (replicas) replicas.reads[isFound ? 'replica' : 'primary']++;
    const { rows, fields } = isFound
      ? found
      : await (shape.isPlanned ? sql.queryPlanned<unknown[]>(query) : sql.query<unknown[]>(query));
    statement.read ??= compileRow(fields.map((field) => field.name));
    return (rows as unknown[][]).map(statement.read) as T[];
  }

  async count(where: Filter<E>, shape: Shape): Promise<number> {
    const [row] = await this.select<{ count: number }>(where, shape);
    const { replicas } = this.doors;
    if (row?.count === 0 && replicas?.asOf !== undefined) {
      return replicas.readIn({}, () => this.count(where, shape));
    }
    return row?.count ?? 0;
  }
}
