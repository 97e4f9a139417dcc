import type { ObjectLiteral } from 'typeorm';
import { Semaphore } from '../../runtime/semaphore.js';
import { Aggregates } from './aggregates.js';
import { CrudWrites } from './crud-writes.js';
import type {
  CountOptions,
  CrudDoors,
  CrudOptions,
  GetOptions,
  ListOptions,
  PageRows,
  PageSlice,
  ReadOptions,
  Selection,
  Slice,
} from './crud.options.js';
import { type Filter, valuesOf } from './filter.js';
import { listShape, NEWEST_FIRST, positionValues } from './list-order.js';
import { pageRows } from './page-rows.js';
import type { PagesConfig } from './pages.config.js';
import { TooManyLargePages } from './pages.errors.js';
import { Reader } from './reader.js';
import { Totals } from './totals.js';

// At most this many large pages use the pool at once; the other connections stay free for quick reads.
const LARGE_AT_ONCE = 2;
const WAIT_MILLISECONDS = 5_000;

/**
 * Reads and writes the rows of one entity. Reads run as named prepared statements on TypeORM's own pool, select just
 * what is asked for, never see soft-deleted rows unless told to, and answer plain rows. Everything joins the
 * transaction that `Transactions.run` has opened. In a row that is read as a DTO, instants are texts (RFC 3339), as a
 * response has them; where columns are named one by one, they are of `Date`.
 */
export class Crud<E extends ObjectLiteral> extends CrudWrites<E> {
  /** Each entity has turns of its own, so that reads of one entity do not wait for reads of another. */
  private readonly largePages = new Semaphore(LARGE_AT_ONCE, WAIT_MILLISECONDS, () => new TooManyLargePages());
  /** Sums, extremes, and counts by a column. */
  readonly aggregates: Aggregates<E>;
  /** That of the entity. */
  readonly name: string;
  private readonly reader: Reader<E>;
  private readonly totals = new Totals();
  private readonly pages: PagesConfig;

  constructor(entity: new () => E, doors: CrudDoors, options: CrudOptions = {}) {
    const repository = doors.dataSource.getRepository<E>(entity);
    super(repository, doors, options);
    this.name = entity.name;
    this.reader = new Reader(repository, doors);
    this.aggregates = new Aggregates(repository.metadata, this.reader);
    this.pages = doors.pages;
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
    const shape = { what: this.selections.of(as), list: listShape(NEWEST_FIRST, false), ...fill(options) };
    return this.reader.select<T>(where, shape, limit, offset);
  }

  /** Matching rows in their order, but at most `ANSWER_MAX_BYTES` of JSON: more is not even loaded. One row always is. */
  async getPage<T>(
    where: Filter<E>,
    as: Selection<E, T>,
    { limit, offset = 0, isWhole, isFew, order = NEWEST_FIRST, after, ...options }: PageSlice,
  ): Promise<PageRows<T>> {
    const isMeasured = this.canBeLarge(as, limit);
    const list = listShape(order, this.selections.isNullable(order.column), after);
    const shape = { what: this.selections.of(as), list, isMeasured, isWhole, isFew, ...fill(options) };
    // One more row tells whether there are more.
    const more = [...positionValues(list, after), limit + 1, offset, this.pages.ANSWER_MAX_BYTES];
    const rows = await this.reader.select<T>(where, shape, ...more);
    return pageRows(rows, limit, isMeasured || isFew || order.column !== 'id');
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
   * caller waits until all are counted. If clients choose the conditions, 1,001 stands for more than 1,000.
   */
  async total(where: Filter<E>, { order, ...options }: ListOptions = {}): Promise<number> {
    if (options.isFiltered) {
      // A comparison has its rows one after the other in an index.
      const along = options.isPlanned || order?.column === 'id' ? undefined : order;
      return this.reader.count(where, { what: 'few', along, ...fill(options) });
    }
    const values: unknown[] = [];
    const id = `${valuesOf(where, values)}|${options.deleted ?? ''}|${JSON.stringify(values)}`;
    return this.totals.get(id, {
      few: () => this.reader.count(where, { what: 'few', ...fill(options) }),
      all: () => this.count(where, options),
    });
  }

  /** Whether so many rows can be more than `ANSWER_MAX_BYTES` of JSON. */
  private canBeLarge<T>(as: Selection<E, T>, rows: number): boolean {
    return this.selections.of(as).widest * rows > this.pages.ANSWER_MAX_BYTES;
  }
}

function fill({ deleted = 'exclude', lock, isFiltered, isPlanned }: GetOptions & CountOptions) {
  return { deleted, lock, isFiltered, isPlanned };
}
