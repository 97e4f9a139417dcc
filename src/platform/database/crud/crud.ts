import { DatabaseError, type Pool, type QueryResult } from 'pg';
import { type DataSource, type DeepPartial, type ObjectLiteral, QueryFailedError, type Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { poolOf } from '../data-source.js';
import { settingsOf } from '../../config/settings.js';
import { Turns } from '../../runtime/turns.js';
import { PagesConfig } from './pages.config.js';
import { TooManyLargePages } from './pages.errors.js';
import { columnsOnly, type Dto, type Projection, projectionOf } from './projection.js';
import type { Replicas } from '../replicas/replicas.js';
import { type Deleted, type Filter, type Shape, type Statement, StatementCompiler, valuesOf } from './statement.js';
import { Totals } from './totals.js';
import type { Transactions } from '../transactions.js';

const STALE_PLAN = '0A000';
// So many large pages may take connections of the pool at once: most stay for what is quick.
const LARGE_AT_ONCE = 2;
const WAIT_MILLISECONDS = 5_000;

export interface CrudOptions {
  /** The DTOs that this entity is read as; each is checked against the entity when the application starts. */
  reads?: Dto[];
  /** For a unique or foreign-key constraint by name, the error that its violation becomes. */
  violations?: Record<string, new () => Error>;
}

export interface ReadOptions {
  deleted?: Deleted;
  /**
   * Lets a replica answer that has all that was committed by then (`performance.now()`); `@AsOf()` gives it to a route.
   * Without it the primary is asked, and always for what no replica has.
   */
  asOf?: number;
}

export interface GetOptions extends ReadOptions {
  /** Locks the row until the open transaction ends. */
  lock?: boolean;
}

export interface Slice extends ReadOptions {
  limit: number;
  offset?: number;
}

export interface PageSlice extends Slice {
  /** Loads no more than one row of a page that would be cut. */
  isWhole?: boolean;
}

/** The rows of one page. */
export interface PageRows<T> {
  rows: T[];
  /** Whether there are rows after these. */
  has_more: boolean;
  /** Whether rows of the page are left out, as they would be too much for one answer. */
  isCut: boolean;
}

/** What to select: a DTO class from `reads`, or a list of columns. */
export type Selection<E, T> = Dto<T & object> | readonly (keyof E & keyof T & string)[];

/**
 * Reads and writes the rows of one entity. Reads run as named prepared statements on TypeORM's own pool, select just
 * what is asked for, never see soft-deleted rows unless told to, and answer plain rows. Everything joins the
 * transaction that `Transactions.run` has opened.
 */
export class Crud<E extends ObjectLiteral> {
  /** Each entity has turns of its own: who asks for one is not to wait for what is asked of another. */
  readonly largePages = new Turns(LARGE_AT_ONCE, WAIT_MILLISECONDS, () => new TooManyLargePages());
  private readonly repository: Repository<E>;
  private readonly compiler: StatementCompiler<E>;
  private readonly projections = new Map<Dto, Projection>();
  private readonly columnLists = new Map<string, Projection>();
  private readonly statements = new Map<string, Statement>();
  private readonly totals = new Totals();
  private readonly pool: Pool;
  private readonly canSoftDelete: boolean;

  constructor(
    entity: new () => E,
    dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly options: CrudOptions = {},
    private readonly replicas?: Replicas,
  ) {
    this.repository = dataSource.getRepository<E>(entity);
    this.compiler = new StatementCompiler(this.repository);
    this.pool = poolOf(dataSource);
    this.canSoftDelete = this.repository.metadata.findColumnWithPropertyName('is_deleted') !== undefined;
    for (const dto of options.reads ?? []) this.projections.set(dto, projectionOf(dto, this.repository.metadata));
  }

  /** The first row that matches, or null. */
  async get<T>(where: Filter<E>, as: Selection<E, T>, options: GetOptions = {}): Promise<T | null> {
    const rows = await this.select<T>(where, { what: this.projection(as), ...fill(options) }, options);
    return rows[0] ?? null;
  }

  /** Matching rows, newest first. */
  getMany<T>(where: Filter<E>, as: Selection<E, T>, slice: Slice): Promise<T[]> {
    const { limit, offset = 0, ...options } = slice;
    const shape = { what: this.projection(as), isList: true, ...fill(options) };
    return this.select<T>(where, shape, options, limit, offset);
  }

  /** Whether so many rows can be more than `ANSWER_MAX_BYTES` of JSON. */
  canBeLarge<T>(as: Selection<E, T>, rows: number): boolean {
    return this.projection(as).widest * rows > settingsOf(PagesConfig).ANSWER_MAX_BYTES;
  }

  /** As `getMany`, but at most `ANSWER_MAX_BYTES` of JSON: what is more is not even loaded. One row always is. */
  async getPage<T>(
    where: Filter<E>,
    as: Selection<E, T>,
    { limit, offset = 0, isWhole, ...options }: PageSlice,
  ): Promise<PageRows<T>> {
    const what = this.projection(as);
    const most = settingsOf(PagesConfig).ANSWER_MAX_BYTES;
    const isMeasured = this.canBeLarge(as, limit);
    const shape = { what, isList: true, isMeasured, isWhole, ...fill(options) };
    // One more row tells whether there are more.
    const rows = await this.select<T & { found?: number }>(where, shape, options, limit + 1, offset, most);
    const found = rows[0]?.found ?? rows.length;
    const page = rows.slice(0, limit);
    // JSON leaves out what is undefined; an object that loses a property is slow to read.
    if (isMeasured) for (const row of page) row.found = undefined;
    return { rows: page, has_more: found > page.length, isCut: page.length < Math.min(found, limit) };
  }

  async exists(where: Filter<E>, options: ReadOptions = {}): Promise<boolean> {
    return (await this.select(where, { what: 'exists', ...fill(options) }, options)).length > 0;
  }

  async count(where: Filter<E>, options: ReadOptions = {}): Promise<number> {
    return this.counted(where, { what: 'count', ...fill(options) }, options);
  }

  /**
   * How many rows match, at no more cost than counting 1,000: exact up to that, and up to a minute old beyond. Only who
   * asks first waits until all are counted.
   */
  async total(where: Filter<E>, options: ReadOptions = {}): Promise<number> {
    const values: unknown[] = [];
    const id = `${valuesOf(where, values)}|${options.deleted ?? ''}|${JSON.stringify(values)}`;
    return this.totals.get(id, {
      few: () => this.counted(where, { what: 'few', ...fill(options) }, options),
      all: () => this.count(where, options),
    });
  }

  /** Inserts one row and answers it. Throws the error that `violations` names when a constraint refuses it. */
  async create<T>(values: DeepPartial<E>, as: Selection<E, T>): Promise<T> {
    const insert = this.writer()
      .insert()
      .values(values as QueryDeepPartialEntity<E>)
      .returning(this.flat(as));
    // Else TypeORM would also return every column that has a default.
    const { raw } = await this.translate(insert.updateEntity(false).execute());
    return (raw as T[])[0]!;
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

  /** Soft-deletes the matching rows if the entity can, else deletes them; says whether there was one. */
  async delete(where: Filter<E>): Promise<boolean> {
    if (!this.canSoftDelete) return this.dbDelete(where);
    return (await this.write(where, { is_deleted: true, deleted_at: () => 'now()' }, ['id'], {})) !== null;
  }

  /** Deletes the matching rows for good, soft-deleted or not, with what the database cascades to. */
  async dbDelete(where: Filter<E>): Promise<boolean> {
    if (Object.values(where).some(isUnstorable)) return false;
    const { affected } = await this.translate(this.writer().delete().where(this.literal(where)).execute());
    return (affected ?? 0) > 0;
  }

  /** Brings matching soft-deleted rows back and answers the first; rows that are not deleted stay as they are. */
  restore<T>(where: Filter<E>, as: Selection<E, T>): Promise<T | null> {
    return this.write<T>(where, { is_deleted: false, deleted_at: null }, as, { deleted: 'include' });
  }

  private async counted(where: Filter<E>, shape: Shape, options: ReadOptions): Promise<number> {
    const [row] = await this.select<{ count: number }>(where, shape, options);
    if (row?.count === 0 && options.asOf !== undefined) return this.counted(where, shape, {});
    return row?.count ?? 0;
  }

  private async select<T>(where: Filter<E>, shape: Shape, { asOf }: ReadOptions, ...more: unknown[]): Promise<T[]> {
    const values: unknown[] = [];
    const filterKey = valuesOf(where, values);
    if (values.some(isUnstorable)) return [];
    const what = typeof shape.what === 'string' ? shape.what : shape.what.key;
    const key = `${what}|${shape.deleted}|${shape.lock ?? ''}|${shape.isList ?? ''}|${shape.isMeasured ?? ''}|${shape.isWhole ?? ''}|${filterKey}`;
    let statement = this.statements.get(key);
    if (!statement) {
      statement = this.compiler.compile(where, shape);
      this.statements.set(key, statement);
    }
    values.push(...more);
    const { name, text, order } = statement;
    const query = { name, text, values: order.map((index) => values[index]) };
    const found = asOf !== undefined && !this.transactions.client && (await this.replicas?.query(query, asOf));
    // What was never there has no answer that a change would have made stale: so a replica may not have it yet.
    const isFound = found && found.rows.length > 0;
    if (this.replicas) this.replicas.reads[isFound ? 'replica' : 'primary']++;
    const { rows } = isFound ? found : await this.execute(query);
    return rows as T[];
  }

  /** A migration that changes a column makes prepared statements useless: outside a transaction, do without one. */
  private async execute(query: { name: string; text: string; values: unknown[] }): Promise<QueryResult> {
    if (this.transactions.client) return this.transactions.client.query(query);
    try {
      return await this.pool.query(query);
    } catch (error) {
      if ((error as DatabaseError).code !== STALE_PLAN) throw error;
      return this.pool.query({ text: query.text, values: query.values });
    }
  }

  private async write<T>(
    where: Filter<E>,
    values: object,
    as: Selection<E, T>,
    { deleted = 'exclude' }: ReadOptions,
  ): Promise<T | null> {
    if (Object.values(where).some(isUnstorable)) return null;
    const visible = this.canSoftDelete && deleted === 'exclude' ? { ...where, is_deleted: false } : where;
    const update = this.writer().update(values as QueryDeepPartialEntity<E>);
    const query = update.where(this.literal(visible)).returning(this.flat(as));
    const { raw } = await this.translate(query.execute());
    return (raw as T[])[0] ?? null;
  }

  private writer() {
    return this.transactions.manager.createQueryBuilder(this.repository.target as new () => E, 't');
  }

  /** Writes take plain equality only: they address rows that a guard or a read has found. */
  private literal(where: Filter<E>): ObjectLiteral {
    for (const [name, value] of Object.entries(where)) {
      if (value === undefined || value === null || (typeof value === 'object' && !(value instanceof Date))) {
        throw new Error(`A write takes a plain value for ${name}`);
      }
    }
    return where;
  }

  private projection<T>(as: Selection<E, T>): Projection {
    if (typeof as !== 'function') return this.columns(as);
    const projection = this.projections.get(as);
    if (!projection) throw new Error(`${as.name} is not among the reads of ${this.repository.metadata.name}`);
    return projection;
  }

  private columns(names: readonly string[]): Projection {
    const key = names.join();
    let projection = this.columnLists.get(key);
    if (!projection) {
      projection = columnsOnly(names, this.repository.metadata);
      this.columnLists.set(key, projection);
    }
    return projection;
  }

  private flat<T>(as: Selection<E, T>): string[] {
    const { columns, relations } = this.projection(as);
    if (relations.length > 0) throw new Error('A write answers columns of its own row only');
    return columns;
  }

  private async translate<T>(write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
      const violation = cause instanceof DatabaseError && this.options.violations?.[cause.constraint ?? ''];
      throw violation ? new violation() : error;
    }
  }
}

/** PostgreSQL stores no NUL and refuses to look for one. */
function isUnstorable(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\0');
}

function fill({ deleted = 'exclude', lock }: GetOptions) {
  return { deleted, lock };
}
