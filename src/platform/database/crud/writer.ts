import { DatabaseError } from 'pg';
import { type DeepPartial, type EntityMetadata, type ObjectLiteral, QueryFailedError, type Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { Transactions } from '../transactions.js';
import type { CrudDoors, CrudOptions } from './crud.options.js';
import { type Filter, isUnstorable, valuesOf } from './filter.js';
import { StatementParts } from './statement-parts.js';

// A statement has at most 65,535.
const MAX_PARAMETERS = 60_000;

/** Runs the writes of one entity. Throws the error that `violations` names when a constraint refuses one. */
export class Writer<E extends ObjectLiteral> {
  constructor(
    private readonly repository: Repository<E>,
    private readonly doors: CrudDoors,
    private readonly violations: NonNullable<CrudOptions['violations']>,
  ) {}

  /** Answers the rows in their order; all are inserted, or none. */
  async insert<T>(rows: DeepPartial<E>[], columns: string[]): Promise<T[]> {
    const atOnce = Math.floor(MAX_PARAMETERS / this.repository.metadata.columns.length);
    if (rows.length <= atOnce) return rows.length === 0 ? [] : this.insertSome<T>(rows, columns);
    return new Transactions(this.doors.open).run(async () => {
      const inserted: T[] = [];
      for (let start = 0; start < rows.length; start += atOnce) {
        inserted.push(...(await this.insertSome<T>(rows.slice(start, start + atOnce), columns)));
      }
      return inserted;
    });
  }

  /** Inserts the row, or changes the one that has the same `key`; `isNew` tells which. */
  async upsert<T>(
    { key, values, onCreate }: Record<'key' | 'values' | 'onCreate', object>,
    columns: string[],
  ): Promise<{ row: T; isNew: boolean }> {
    const { metadata } = this.repository;
    const names = Object.keys(key);
    if (!isUnique(metadata, names)) throw new Error(`${metadata.name} has no unique constraint on ${names.join(', ')}`);
    // What is not given has its default in the row that was to be inserted: now, and not deleted.
    const stamped = ['updated_at', 'is_deleted', 'deleted_at'].filter((name) =>
      metadata.hasColumnWithPropertyPath(name),
    );
    const changed = [...Object.keys(values), ...stamped];
    const insert = this.inserting([{ ...onCreate, ...values, ...key } as DeepPartial<E>])
      .orUpdate(changed.length > 0 ? changed : names, names)
      // A row that was there is locked by this transaction, and a new one by none.
      .returning([...columns.map((name) => `"${name}"`), 'xmax = 0 AS "$new"'].join(', '));
    const { raw } = await this.write(insert);
    const { $new: isNew, ...row } = (raw as [T & { $new: boolean }])[0];
    return { row: row as T, isNew };
  }

  /** Answers the first row that was changed, or null. */
  async update<T>(where: Filter<E>[], values: object, columns: string[], more: object = {}): Promise<T | null> {
    const { text, parameters } = this.matching(where);
    if (Object.values(parameters).some(isUnstorable)) return null;
    const update = this.builder().update(values as QueryDeepPartialEntity<E>);
    const changed = update.where(text, { ...parameters, ...more }).returning(columns);
    const { raw } = await this.write(changed);
    return (raw as T[])[0] ?? null;
  }

  /** Adds to columns, whatever they have by then; like `update`. */
  increment<T>(where: Filter<E>[], by: object, columns: string[]): Promise<T | null> {
    const sums = Object.keys(by).map((name) => [name, () => `"${name}" + :by_${name}`]);
    const amounts = Object.entries(by).map(([name, amount]) => [`by_${name}`, amount as unknown]);
    const values = { ...Object.fromEntries(sums), updated_at: () => 'now()' } as object;
    return this.update(where, values, columns, Object.fromEntries(amounts) as object);
  }

  /** Says whether there was a row. */
  async delete(where: Filter<E>[]): Promise<boolean> {
    const { text, parameters } = this.matching(where);
    if (Object.values(parameters).some(isUnstorable)) return false;
    const { affected } = await this.write(this.builder().delete().where(text, parameters));
    return (affected ?? 0) > 0;
  }

  private async insertSome<T>(rows: DeepPartial<E>[], columns: string[]): Promise<T[]> {
    const { raw } = await this.write(this.inserting(rows).returning(columns));
    return raw as T[];
  }

  /** Without it, TypeORM would also return every column that has a default. */
  private inserting(rows: DeepPartial<E>[]) {
    return this.builder()
      .insert()
      .values(rows as QueryDeepPartialEntity<E>[])
      .updateEntity(false);
  }

  /** The conditions of a write, on the row itself: PostgreSQL looks again at a row that somebody else has changed. */
  private matching(filters: Filter<E>[]): { text: string; parameters: Record<string, unknown> } {
    const values: unknown[] = [];
    const { metadata } = this.repository;
    const build = new StatementParts(this.repository.createQueryBuilder('t'), 'exclude');
    const conditions = filters.flatMap((filter) => {
      valuesOf(filter, values);
      return build.conditions(filter, metadata, metadata.tableName);
    });
    if (conditions.length === 0) throw new Error('A write of every row needs a condition that says so');
    const parameters = Object.fromEntries(values.map((value, index) => [`p${index}`, value]));
    return { text: conditions.join(' AND '), parameters };
  }

  private builder() {
    return this.doors.open.manager.createQueryBuilder(this.repository.target as new () => E, 't');
  }

  private async write<T>(built: { execute(): Promise<T> }): Promise<T> {
    try {
      await this.doors.open.begun();
      return await built.execute();
    } catch (error) {
      const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
      const violation = cause instanceof DatabaseError && this.violations[cause.constraint ?? ''];
      throw violation ? new violation() : error;
    }
  }
}

function isUnique({ primaryColumns, uniques }: EntityMetadata, names: string[]): boolean {
  const keys = [primaryColumns, ...uniques.map(({ columns }) => columns)];
  return keys.some(
    (columns) => columns.length === names.length && columns.every(({ propertyName }) => names.includes(propertyName)),
  );
}
