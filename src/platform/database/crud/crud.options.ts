import type { DataSource } from 'typeorm';
import type { OpenTransaction } from '../open-transaction.js';
import type { Replicas } from '../replicas/replicas.js';
import type { Sql } from '../sql.js';
import type { Deleted } from './filter.js';
import type { Order, Position } from './list-order.js';
import type { PagesConfig } from './pages.config.js';
import type { Dto } from './projection.js';

/** The ways to the database, and how much of it one answer may have. */
export interface CrudDoors {
  dataSource: DataSource;
  open: OpenTransaction;
  sql: Sql;
  pages: PagesConfig;
  replicas?: Replicas;
}

export interface CrudOptions {
  /** The DTOs that this entity is read as; each is checked against the entity when the application starts. */
  reads?: Dto[];
  /** What the methods that end in `OrThrow` throw when there is no such row. */
  notFound?: new () => Error;
  /** For a unique or foreign-key constraint by name, the error that its violation becomes. */
  violations?: Record<string, new () => Error>;
}

export interface ReadOptions {
  deleted?: Deleted;
}

export interface CountOptions extends ReadOptions {
  /** Whether clients choose the conditions: then rows are counted no further than a thousand. */
  isFiltered?: boolean;
  /** Whether each statement is planned for its values. */
  isPlanned?: boolean;
}

export interface ListOptions extends CountOptions {
  /** Newest first by default. */
  order?: Order;
  /** Whether no index has the rows in their order: then they are counted first, to know how to find them. */
  isScattered?: boolean;
}

export interface GetOptions extends ReadOptions {
  /** Locks the row until the open transaction ends. */
  lock?: boolean;
}

export interface Slice extends ReadOptions {
  limit: number;
  offset?: number;
}

export interface PageSlice extends Slice, ListOptions {
  /** Whether few rows match: then they are found first, and sorted. */
  isFew?: boolean;
  /** Begins after this place. */
  after?: Position;
  /** Loads no more than one row of a page that would be cut. */
  isWhole?: boolean;
}

/** The rows of one page. */
export interface PageRows<T> {
  rows: T[];
  /** The place of the last one. */
  last?: Position;
  /** Whether there are rows after these. */
  has_more: boolean;
  /** Whether rows of the page are left out, as they would be too much for one answer. */
  isCut: boolean;
}

/** What to select: a DTO class from `reads`, or a list of columns. */
export type Selection<E, T> = Dto<T & object> | readonly (keyof E & keyof T & string)[];
