import { DatabaseError } from 'pg';
import { type DeepPartial, type ObjectLiteral, QueryFailedError, type Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { CrudDoors, CrudOptions } from './crud.options.js';
import { type Filter, isUnstorable } from './filter.js';

/** Runs the writes of one entity. Throws the error that `violations` names when a constraint refuses one. */
export class Writer<E extends ObjectLiteral> {
  constructor(
    private readonly repository: Repository<E>,
    private readonly doors: CrudDoors,
    private readonly violations: NonNullable<CrudOptions['violations']>,
  ) {}

  async insert<T>(values: DeepPartial<E>, columns: string[]): Promise<T> {
    const insert = this.builder()
      .insert()
      .values(values as QueryDeepPartialEntity<E>)
      .returning(columns);
    // Otherwise TypeORM would also return every column that has a default.
    const { raw } = await this.translate(insert.updateEntity(false).execute());
    return (raw as T[])[0]!;
  }

  /** Answers the first row that was changed, or null. */
  async update<T>(where: Filter<E>, values: object, columns: string[]): Promise<T | null> {
    if (Object.values(where).some(isUnstorable)) return null;
    const update = this.builder().update(values as QueryDeepPartialEntity<E>);
    const { raw } = await this.translate(update.where(literal(where)).returning(columns).execute());
    return (raw as T[])[0] ?? null;
  }

  /** Says whether there was a row. */
  async delete(where: Filter<E>): Promise<boolean> {
    if (Object.values(where).some(isUnstorable)) return false;
    const { affected } = await this.translate(this.builder().delete().where(literal(where)).execute());
    return (affected ?? 0) > 0;
  }

  private builder() {
    return this.doors.open.manager.createQueryBuilder(this.repository.target as new () => E, 't');
  }

  private async translate<T>(write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
      const violation = cause instanceof DatabaseError && this.violations[cause.constraint ?? ''];
      throw violation ? new violation() : error;
    }
  }
}

/** Writes accept plain equality only: they address rows that a guard or a read has found. */
function literal(where: object): ObjectLiteral {
  for (const [name, value] of Object.entries(where)) {
    if (value === undefined || value === null || (typeof value === 'object' && !(value instanceof Date))) {
      throw new Error(`A write takes a plain value for ${name}`);
    }
  }
  return where;
}
