/** Compiles reads with TypeORM's query builder, once for each shape, into SQL that runs as a named prepared statement. */
import { createHash } from 'node:crypto';
import type { ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import type { Deleted } from './filter.js';
import {
  type ListShape,
  type Order,
  ordered,
  placeColumns,
  positionValues,
  rowsAfter,
  sorted,
  VALUE,
} from './list-order.js';
import { measured } from './byte-bounded-list.js';
import type { Projection } from './projection.js';
import { StatementParts } from './statement-parts.js';

/** A number out of all rows; with a limit, how many rows have each value, the most frequent first. */
export interface Aggregate {
  /** Tells aggregates apart in the key of a compiled statement. */
  key: string;
  sql: string;
  limit?: number;
  isResponse?: false;
}

export interface Shape {
  what: Projection | Aggregate | 'exists' | 'count' | 'few';
  deleted: Deleted;
  lock?: boolean;
  /** In this order, so many rows, beginning after so many. */
  list?: ListShape;
  /** Of a list, whether its rows are so few that they are found first, and then sorted. */
  isFew?: boolean;
  /** Of a count, the order in which rows are counted. */
  along?: Order;
  /** Of a list, the rows that have at most so many bytes of JSON together. */
  isMeasured?: boolean;
  /** Of those, all or only the first. */
  isWhole?: boolean;
  /** Of shapes that clients choose, of which there are too many to prepare them all. */
  isFiltered?: boolean;
  /** Planned for its values each time. */
  isPlanned?: boolean;
}

/** One prepared statement: `values` come in the order in which `valuesOf` finds them in a filter. */
export interface Statement {
  name: string;
  text: string;
  /** For each `$n` of the text, the index of its value. */
  order: number[];
  /** Makes an object of the values of a row, once the names of its columns are known. */
  read?: (values: unknown[]) => unknown;
}

const MAX_STATEMENTS = 1_000;

/** How many rows are counted one by one. */
export const FEW = 1_000;

export class Statements<E extends ObjectLiteral> {
  private readonly compiled = new Map<string, Statement>();

  constructor(private readonly repository: Repository<E>) {}

  /** @param filterKey the shape of the filter, as `valuesOf` tells it */
  of(filter: object, filterKey: string, shape: Shape): Statement {
    const key = `${filterKey}|${keyOf(shape)}`;
    let statement = this.compiled.get(key);
    if (!statement) {
      statement = this.compile(filter, shape);
      if (this.compiled.size >= MAX_STATEMENTS) this.compiled.delete(this.compiled.keys().next().value!);
      this.compiled.set(key, statement);
    }
    return statement;
  }

  private compile(filter: object, shape: Shape): Statement {
    const build = new StatementParts(this.repository.createQueryBuilder('t'), shape.deleted);
    const entity = this.repository.metadata;
    for (const condition of build.conditions(filter, entity, 't')) build.query.andWhere(condition);
    build.hideDeleted(build.query, entity, 't', filter);
    if (shape.what === 'exists') build.query.select('1', 'one').limit(1);
    else if (shape.what === 'count') build.query.select('count(*)', 'count');
    else if (shape.what === 'few') few(build.query, shape);
    else if ('sql' in shape.what) aggregate(build.query, shape.what);
    else build.project(shape.what, 't', entity);
    if (shape.lock) build.query.setLock('pessimistic_write', undefined, ['t']);
    return shape.list ? listed(build.query, shape, shape.list) : finish(build.query, shape);
  }
}

function aggregate(query: SelectQueryBuilder<ObjectLiteral>, { sql, limit }: Aggregate): void {
  query.select(sql, 'value');
  if (limit === undefined) return;
  query.addSelect('count(*)', 'count').groupBy(sql).orderBy('count(*)', 'DESC').addOrderBy(sql).limit(limit);
}

function few(query: Query, { along }: Shape): void {
  query.select('1', 'one').limit(FEW + 1);
  if (!along) return;
  const direction = along.isDescending ? 'DESC' : 'ASC';
  query.orderBy(`t.${along.column}`, direction).addOrderBy('t.id', direction);
}

function keyOf({ what, deleted, lock, list, along, isFew, isMeasured, isWhole }: Shape): string {
  const selected = typeof what === 'string' ? what : what.key;
  const by = list ?? along;
  const order = by ? `${by.column} ${by.isDescending} ${list?.after ?? ''} ${isFew ?? ''}` : '';
  return `${selected}|${deleted}|${lock ?? ''}|${order}|${isMeasured ?? ''}|${isWhole ?? ''}`;
}

type Query = SelectQueryBuilder<ObjectLiteral>;

function finish(query: Query, { what }: Shape): Statement {
  const { text, order } = parametersOf(query);
  return named(what === 'few' ? `SELECT count(*) AS "count" FROM (${text}) AS few` : text, order);
}

/** A list takes, after the values of its filter: those of its position, LIMIT, OFFSET, and bytes if it is measured. */
function listed(query: Query, { what, isFew, isMeasured, isWhole }: Shape, list: ListShape): Statement {
  const { order } = parametersOf(query);
  const after = rowsAfter(list, order.length + 1);
  const conditions = isFew && after.length > 1 ? [`(${after.join(') OR (')})`] : after;
  for (const [sql, name] of placeColumns(list, isFew || conditions.length > 1)) query.addSelect(sql, name);
  const branches = conditions.length > 0 ? conditions.map((condition) => query.clone().andWhere(condition)) : [query];
  const limit = order.length + (list.after ? positionValues(list, { value: null, id: 0 }).length : 0) + 1;
  const last = isMeasured ? limit + 2 : limit + 1;
  while (order.length < last) order.push(order.length);
  const rows = branches.map((branch) => parametersOf(branch).text);
  const slice = `LIMIT $${limit} OFFSET $${limit + 1}`;
  const text = isFew ? sorted(rows[0]!, list, slice) : ordered(rows, list, slice);
  if (!isMeasured) return named(text, order);
  const more = list.column === 'id' ? [] : [VALUE];
  return named(measured(text, what as Projection, { most: `$${last}`, rows: isWhole && `$${limit} - 1`, more }), order);
}

function parametersOf(query: Query): { text: string; order: number[] } {
  const [text, slots] = query.getQueryAndParameters() as [string, { value: number }[]];
  return { text, order: slots.map(({ value }) => value) };
}

function named(text: string, order: number[]): Statement {
  return { name: `crud_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text, order };
}
