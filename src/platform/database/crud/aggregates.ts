import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { Aggregate } from './compiled-statement.js';
import type { ReadOptions } from './crud.options.js';
import type { Filter } from './filter.js';
import type { Reader } from './reader.js';

type Columns<E, V> = { [K in keyof E & string]: NonNullable<E[K]> extends V ? K : never }[keyof E & string];
type Sum<V> = NonNullable<V> extends number ? number : string;

/** Computes numbers out of all rows that match, in PostgreSQL; each reads them all, so it needs a fitting index. */
export class Aggregates<E extends ObjectLiteral> {
  constructor(
    private readonly entity: EntityMetadata,
    private readonly reader: Reader<E>,
  ) {}

  /** Zero where there is nothing; exact for decimals, which are texts, and up to 2^53 for numbers. */
  async sum<K extends Columns<E, number | string>>(
    where: Filter<E>,
    column: K,
    options?: ReadOptions,
  ): Promise<Sum<E[K]>> {
    const sum = await this.value(where, { sql: `coalesce(sum(${this.pathOf(column)}), 0)` }, options);
    const isExact = this.entity.findColumnWithPropertyName(column)!.type === 'numeric';
    return (isExact ? String(sum) : Number(sum)) as Sum<E[K]>;
  }

  /** Null where there is nothing. */
  min<K extends keyof E & string>(where: Filter<E>, column: K, options?: ReadOptions): Promise<E[K] | null> {
    return this.value(where, { sql: `min(${this.pathOf(column)})` }, options);
  }

  /** Null where there is nothing. */
  max<K extends keyof E & string>(where: Filter<E>, column: K, options?: ReadOptions): Promise<E[K] | null> {
    return this.value(where, { sql: `max(${this.pathOf(column)})` }, options);
  }

  /** How often the column has each value; the most frequent first, at most `limit`. */
  countBy<K extends keyof E & string>(
    where: Filter<E>,
    column: K,
    { limit = 100, deleted = 'exclude' }: ReadOptions & { limit?: number } = {},
  ): Promise<{ value: E[K]; count: number }[]> {
    return this.reader.select(where, { what: aggregate({ sql: this.pathOf(column), limit }), deleted });
  }

  private async value<T>(
    where: Filter<E>,
    what: Omit<Aggregate, 'key'>,
    { deleted = 'exclude' }: ReadOptions = {},
  ): Promise<T> {
    const [row] = await this.reader.select<{ value: T }>(where, { what: aggregate(what), deleted });
    return row!.value;
  }

  /** In a statement. Throws for a column that the entity does not have. */
  private pathOf(name: string): string {
    const column = this.entity.findColumnWithPropertyName(name);
    if (!column) throw new Error(`${this.entity.name} has no column ${name}`);
    return `"t"."${column.databaseName}"`;
  }
}

function aggregate({ sql, limit }: Omit<Aggregate, 'key'>): Aggregate {
  return { key: `${sql} ${limit ?? ''}`, sql, limit };
}
