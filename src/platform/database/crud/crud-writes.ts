import type { DeepPartial, ObjectLiteral, Repository } from 'typeorm';
import type { CrudDoors, CrudOptions, GetOptions, ReadOptions, Selection } from './crud.options.js';
import type { Filter } from './filter.js';
import { Selections } from './selections.js';
import type { Increments, WriteOptions } from './write.options.js';
import { Writer } from './writer.js';
import { asRead } from './written-rows.js';

/** The writes of `Crud`. */
export abstract class CrudWrites<E extends ObjectLiteral> {
  protected readonly selections: Selections<E>;
  private readonly writer: Writer<E>;
  private readonly canSoftDelete: boolean;
  private readonly notFound?: new () => Error;

  constructor(repository: Repository<E>, doors: CrudDoors, { reads = [], violations = {}, notFound }: CrudOptions) {
    this.selections = new Selections(repository.metadata, reads);
    this.writer = new Writer(repository, doors, violations);
    this.notFound = notFound;
    this.canSoftDelete = repository.metadata.findColumnWithPropertyName('is_deleted') !== undefined;
  }

  abstract get<T>(where: Filter<E>, as: Selection<E, T>, options?: GetOptions): Promise<T | null>;

  abstract exists(where: Filter<E>, options?: ReadOptions): Promise<boolean>;

  /** Inserts one row and answers it. Throws the error that `violations` names when a constraint refuses it. */
  async create<T>(values: DeepPartial<E>, as: Selection<E, T>): Promise<T> {
    return (await this.createMany([values], as))[0]!;
  }

  /** Inserts all of the rows or none, and answers them in their order. Throws like `create`. */
  async createMany<T>(rows: DeepPartial<E>[], as: Selection<E, T>): Promise<T[]> {
    const inserted = await this.writer.insert<T>(rows, this.selections.flat(as));
    return inserted.map((row) => asRead(this.selections.of(as), row));
  }

  /**
   * Inserts a row, or changes the one that has the same unique `key`, in one statement. A row that is soft-deleted comes
   * back. Throws like `create`.
   * @param onCreate what only a new row gets
   */
  async upsert<T>(
    key: DeepPartial<E>,
    values: DeepPartial<E>,
    as: Selection<E, T>,
    onCreate: DeepPartial<E> = {} as DeepPartial<E>,
  ): Promise<{ row: T; isNew: boolean }> {
    const given = { key, values: givenOf(values), onCreate };
    const { row, isNew } = await this.writer.upsert<T>(given, this.selections.flat(as));
    return { row: asRead(this.selections.of(as), row), isNew };
  }

  /**
   * Changes the matching rows that are not soft-deleted, stamps `updated_at`, and answers the first of them, or null
   * when there is none. Without changes it only reads.
   */
  async update<T>(
    where: Filter<E>,
    changes: DeepPartial<E>,
    as: Selection<E, T>,
    options: WriteOptions<E> = {},
  ): Promise<T | null> {
    const values = givenOf(changes);
    if (Object.keys(values).length === 0) return this.get({ ...where, ...options.onlyIf }, as, options);
    return this.write<T>(where, { ...values, updated_at: () => 'now()' }, as, options);
  }

  async updateOrThrow<T>(
    where: Filter<E>,
    changes: DeepPartial<E>,
    as: Selection<E, T>,
    options?: WriteOptions<E>,
  ): Promise<T> {
    return (await this.update(where, changes, as, options)) ?? this.refuse(where, options);
  }

  /** Adds to columns of the matching rows, whatever they have by then: nothing is read before. Answers like `update`. */
  async increment<T>(
    where: Filter<E>,
    by: Increments<E>,
    as: Selection<E, T>,
    options: WriteOptions<E> = {},
  ): Promise<T | null> {
    const row = await this.writer.increment<T>(this.reached(where, options), by, this.selections.flat(as));
    return row && asRead(this.selections.of(as), row);
  }

  async incrementOrThrow<T>(
    where: Filter<E>,
    by: Increments<E>,
    as: Selection<E, T>,
    options?: WriteOptions<E>,
  ): Promise<T> {
    return (await this.increment(where, by, as, options)) ?? this.refuse(where, options);
  }

  /** Soft-deletes the matching rows if the entity can, else deletes them; says whether there was one. */
  async delete(where: Filter<E>, options: WriteOptions<E> = {}): Promise<boolean> {
    if (!this.canSoftDelete) return this.writer.delete(this.reached(where, options));
    return (await this.write(where, { is_deleted: true, deleted_at: () => 'now()' }, ['id'], options)) !== null;
  }

  async deleteOrThrow(where: Filter<E>, options?: WriteOptions<E>): Promise<void> {
    if (!(await this.delete(where, options))) await this.refuse(where, options);
  }

  /** Deletes the matching rows for good, soft-deleted or not, with what the database cascades to. */
  async dbDelete(where: Filter<E>): Promise<boolean> {
    return this.writer.delete([where]);
  }

  async dbDeleteOrThrow(where: Filter<E>): Promise<void> {
    this.found((await this.dbDelete(where)) || null);
  }

  /** Brings matching soft-deleted rows back and answers the first; rows that are not deleted stay as they are. */
  restore<T>(where: Filter<E>, as: Selection<E, T>): Promise<T | null> {
    return this.write<T>(where, { is_deleted: false, deleted_at: null }, as, { deleted: 'include' });
  }

  async restoreOrThrow<T>(where: Filter<E>, as: Selection<E, T>): Promise<T> {
    return this.found(await this.restore(where, as));
  }

  protected found<T>(row: T | null): T {
    if (row !== null) return row;
    throw this.notFound ? new this.notFound() : new Error('There is no such row, and no `notFound` to say so');
  }

  private async write<T>(
    where: Filter<E>,
    values: object,
    as: Selection<E, T>,
    options: WriteOptions<E>,
  ): Promise<T | null> {
    const row = await this.writer.update<T>(this.reached(where, options), values, this.selections.flat(as));
    return row && asRead(this.selections.of(as), row);
  }

  /** The conditions of a write. */
  private reached(where: Filter<E>, { deleted = 'exclude', onlyIf }: WriteOptions<E>): Filter<E>[] {
    const visible = this.canSoftDelete && deleted === 'exclude' ? { ...where, is_deleted: false } : where;
    return onlyIf ? [visible, onlyIf] : [visible];
  }

  private async refuse(where: Filter<E>, { otherwise, deleted }: WriteOptions<E> = {}): Promise<never> {
    if (otherwise && (await this.exists(where, { deleted }))) throw new otherwise();
    return this.found<never>(null);
  }
}

/** An undefined value is one that is not given. */
function givenOf(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
