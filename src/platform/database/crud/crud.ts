import type { DeepPartial, ObjectLiteral } from 'typeorm';
import { Semaphore } from '../../runtime/semaphore.js';
import type {
  CrudDoors,
  CrudOptions,
  GetOptions,
  PageRows,
  PageSlice,
  ReadOptions,
  Selection,
  Slice,
} from './crud.options.js';
import { type Filter, valuesOf } from './filter.js';
import type { PagesConfig } from './pages.config.js';
import { TooManyLargePages } from './pages.errors.js';
import { Reader } from './reader.js';
import { Selections } from './selections.js';
import { Totals } from './totals.js';
import { Writer } from './writer.js';

// At most this many large pages use the pool at once; the other connections stay free for quick reads.
const LARGE_AT_ONCE = 2;
const WAIT_MILLISECONDS = 5_000;

/**
 * Reads and writes the rows of one entity. Reads run as named prepared statements on TypeORM's own pool, select just
 * what is asked for, never see soft-deleted rows unless told to, and answer plain rows. Everything joins the
 * transaction that `Transactions.run` has opened. In a row that is read as a DTO, instants are texts (RFC 3339), as a
 * response has them; where columns are named one by one, they are of `Date`.
 */
export class Crud<E extends ObjectLiteral> {
  /** Each entity has turns of its own, so that reads of one entity do not wait for reads of another. */
  private readonly largePages = new Semaphore(LARGE_AT_ONCE, WAIT_MILLISECONDS, () => new TooManyLargePages());
  private readonly selections: Selections<E>;
  private readonly reader: Reader<E>;
  private readonly writer: Writer<E>;
  private readonly totals = new Totals();
  private readonly canSoftDelete: boolean;
  private readonly pages: PagesConfig;
  private readonly notFound?: new () => Error;

  constructor(entity: new () => E, doors: CrudDoors, { reads = [], violations = {}, notFound }: CrudOptions = {}) {
    const repository = doors.dataSource.getRepository<E>(entity);
    this.selections = new Selections(repository.metadata, reads);
    this.reader = new Reader(repository, doors);
    this.writer = new Writer(repository, doors, violations);
    this.notFound = notFound;
    this.pages = doors.pages;
    this.canSoftDelete = repository.metadata.findColumnWithPropertyName('is_deleted') !== undefined;
  }

  /** The first row that matches, or null. */
  async get<T>(where: Filter<E>, as: Selection<E, T>, options: GetOptions = {}): Promise<T | null> {
    const rows = await this.reader.select<T>(where, { what: this.selections.of(as), ...fill(options) });
    return rows[0] ?? null;
  }

  async getOrThrow<T>(where: Filter<E>, as: Selection<E, T>, options?: GetOptions): Promise<T> {
    return this.found(await this.get(where, as, options));
  }

  /** Matching rows, newest first. */
  getMany<T>(where: Filter<E>, as: Selection<E, T>, slice: Slice): Promise<T[]> {
    const { limit, offset = 0, ...options } = slice;
    const shape = { what: this.selections.of(as), isList: true, ...fill(options) };
    return this.reader.select<T>(where, shape, limit, offset);
  }

  /** Like `getMany`, but at most `ANSWER_MAX_BYTES` of JSON: more is not even loaded. One row always is. */
  async getPage<T>(
    where: Filter<E>,
    as: Selection<E, T>,
    { limit, offset = 0, isWhole, ...options }: PageSlice,
  ): Promise<PageRows<T>> {
    const isMeasured = this.canBeLarge(as, limit);
    const shape = { what: this.selections.of(as), isList: true, isMeasured, isWhole, ...fill(options) };
    // One more row tells whether there are more.
    const more = [limit + 1, offset, this.pages.ANSWER_MAX_BYTES];
    const rows = await this.reader.select<T & { found?: number }>(where, shape, ...more);
    const found = rows[0]?.found ?? rows.length;
    const page = rows.slice(0, limit);
    // JSON leaves out undefined properties; deleting one would make the object slow to read.
    if (isMeasured) for (const row of page) row.found = undefined;
    return { rows: page, has_more: found > page.length, isCut: page.length < Math.min(found, limit) };
  }

  /** Runs `load`; in its turn, where so many rows can be a large answer. Throws `TooManyLargePages`. */
  inTurn<T, R>(as: Selection<E, T>, rows: number, load: () => Promise<R>): Promise<R> {
    return this.canBeLarge(as, rows) ? this.largePages.run(load) : load();
  }

  async exists(where: Filter<E>, options: ReadOptions = {}): Promise<boolean> {
    return (await this.reader.select(where, { what: 'exists', ...fill(options) })).length > 0;
  }

  async count(where: Filter<E>, options: ReadOptions = {}): Promise<number> {
    return this.reader.count(where, { what: 'count', ...fill(options) });
  }

  /**
   * How many rows match, at the cost of counting 1,000: exact up to that, and up to a minute old beyond. Only the first
   * caller waits until all are counted.
   */
  async total(where: Filter<E>, options: ReadOptions = {}): Promise<number> {
    const values: unknown[] = [];
    const id = `${valuesOf(where, values)}|${options.deleted ?? ''}|${JSON.stringify(values)}`;
    return this.totals.get(id, {
      few: () => this.reader.count(where, { what: 'few', ...fill(options) }),
      all: () => this.count(where, options),
    });
  }

  /** Inserts one row and answers it. Throws the error that `violations` names when a constraint refuses it. */
  async create<T>(values: DeepPartial<E>, as: Selection<E, T>): Promise<T> {
    return this.selections.asRead(as, await this.writer.insert<T>(values, this.selections.flat(as)));
  }

  /**
   * Changes the matching rows that are not soft-deleted, stamps `updated_at`, and answers the first of them, or null
   * when there is none. Without changes it only reads.
   */
  async update<T>(
    where: Filter<E>,
    changes: DeepPartial<E>,
    as: Selection<E, T>,
    options: ReadOptions = {},
  ): Promise<T | null> {
    const values = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    if (Object.keys(values).length === 0) return this.get(where, as, options);
    return this.write<T>(where, { ...values, updated_at: () => 'now()' }, as, options);
  }

  async updateOrThrow<T>(
    where: Filter<E>,
    changes: DeepPartial<E>,
    as: Selection<E, T>,
    options?: ReadOptions,
  ): Promise<T> {
    return this.found(await this.update(where, changes, as, options));
  }

  /** Soft-deletes the matching rows if the entity can, else deletes them; says whether there was one. */
  async delete(where: Filter<E>): Promise<boolean> {
    if (!this.canSoftDelete) return this.dbDelete(where);
    return (await this.write(where, { is_deleted: true, deleted_at: () => 'now()' }, ['id'])) !== null;
  }

  async deleteOrThrow(where: Filter<E>): Promise<void> {
    this.found((await this.delete(where)) || null);
  }

  /** Deletes the matching rows for good, soft-deleted or not, with what the database cascades to. */
  async dbDelete(where: Filter<E>): Promise<boolean> {
    return this.writer.delete(where);
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

  private found<T>(row: T | null): T {
    if (row !== null) return row;
    throw this.notFound ? new this.notFound() : new Error('There is no such row, and no `notFound` to say so');
  }

  /** Whether so many rows can be more than `ANSWER_MAX_BYTES` of JSON. */
  private canBeLarge<T>(as: Selection<E, T>, rows: number): boolean {
    return this.selections.of(as).widest * rows > this.pages.ANSWER_MAX_BYTES;
  }

  private async write<T>(
    where: Filter<E>,
    values: object,
    as: Selection<E, T>,
    { deleted = 'exclude' }: ReadOptions = {},
  ): Promise<T | null> {
    const visible = this.canSoftDelete && deleted === 'exclude' ? { ...where, is_deleted: false } : where;
    const row = await this.writer.update<T>(visible, values, this.selections.flat(as));
    return row && this.selections.asRead(as, row);
  }
}

function fill({ deleted = 'exclude', lock }: GetOptions) {
  return { deleted, lock };
}
