import { DatabaseError } from 'pg';
import { type DeepPartial, type ObjectLiteral, QueryFailedError, type Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { CrudDoors, CrudOptions } from './crud.options.js';
import { type Filter, isUnstorable, valuesOf } from './filter.js';
import { StatementBuild } from './statement-build.js';

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
    const { text, parameters } = this.matching(where);
    if (Object.values(parameters).some(isUnstorable)) return null;
    const update = this.builder().update(values as QueryDeepPartialEntity<E>);
    const { raw } = await this.translate(update.where(text, parameters).returning(columns).execute());
    return (raw as T[])[0] ?? null;
  }

  /** Says whether there was a row. */
  async delete(where: Filter<E>): Promise<boolean> {
    const { text, parameters } = this.matching(where);
    if (Object.values(parameters).some(isUnstorable)) return false;
    const { affected } = await this.translate(this.builder().delete().where(text, parameters).execute());
    return (affected ?? 0) > 0;
  }

  /** The conditions of a write, on the row itself: PostgreSQL looks again at a row that somebody else has changed. */
  private matching(where: Filter<E>): { text: string; parameters: Record<string, unknown> } {
    const values: unknown[] = [];
    valuesOf(where, values);
    const { metadata } = this.repository;
    const build = new StatementBuild(this.repository.createQueryBuilder('t'), 'exclude');
    const text = build.conditions(where, metadata, metadata.tableName).join(' AND ');
    if (text === '') throw new Error('A write of every row needs a condition that says so');
    return { text, parameters: Object.fromEntries(values.map((value, index) => [`p${index}`, value])) };
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
