/** Compiles reads with TypeORM's query builder, once for each shape, into SQL that runs as a named prepared statement. */
import { createHash } from 'node:crypto';
import type { ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import type { Deleted } from './filter.js';
import { measured } from './size-bounded-list.js';
import type { Projection } from './projection.js';
import { StatementBuild } from './statement-build.js';

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
  /** Newest first, so many rows, beginning after so many. */
  isList?: boolean;
  /** Of a list, the rows that have at most so many bytes of JSON together. */
  isMeasured?: boolean;
  /** Of those, all or only the first. */
  isWhole?: boolean;
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
      this.compiled.set(key, statement);
    }
    return statement;
  }

  private compile(filter: object, shape: Shape): Statement {
    const build = new StatementBuild(this.repository.createQueryBuilder('t'), shape.deleted);
    const entity = this.repository.metadata;
    for (const condition of build.conditions(filter, entity, 't')) build.query.andWhere(condition);
    build.hideDeleted(build.query, entity, 't', filter);
    if (shape.what === 'exists') build.query.select('1', 'one').limit(1);
    else if (shape.what === 'count') build.query.select('count(*)', 'count');
    else if (shape.what === 'few') build.query.select('1', 'one').limit(FEW + 1);
    else if ('sql' in shape.what) aggregate(build.query, shape.what);
    else build.project(shape.what, 't', entity);
    if (shape.lock) build.query.setLock('pessimistic_write', undefined, ['t']);
    return finish(build.query.getQueryAndParameters() as [string, { value: number }[]], shape);
  }
}

function aggregate(query: SelectQueryBuilder<ObjectLiteral>, { sql, limit }: Aggregate): void {
  query.select(sql, 'value');
  if (limit === undefined) return;
  query.addSelect('count(*)', 'count').groupBy(sql).orderBy('count(*)', 'DESC').addOrderBy(sql).limit(limit);
}

function keyOf({ what, deleted, lock, isList, isMeasured, isWhole }: Shape): string {
  const selected = typeof what === 'string' ? what : what.key;
  return `${selected}|${deleted}|${lock ?? ''}|${isList ?? ''}|${isMeasured ?? ''}|${isWhole ?? ''}`;
}

function finish([text, slots]: [string, { value: number }[]], shape: Shape): Statement {
  const order = slots.map(({ value }) => value);
  const next = order.length;
  const sql = complete(text, shape, next + 1);
  if (shape.isList) order.push(next, next + 1);
  if (shape.isMeasured) order.push(next + 2);
  return { name: `crud_${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`, text: sql, order };
}

/** @param next the number of the first parameter after those of the filter */
function complete(text: string, { what, isList, isMeasured, isWhole }: Shape, next: number): string {
  if (what === 'few') return `SELECT count(*) AS "count" FROM (${text}) AS few`;
  if (!isList) return text;
  const list = `${text} ORDER BY "t"."id" DESC LIMIT $${next} OFFSET $${next + 1}`;
  if (!isMeasured) return list;
  return measured(list, what as Projection, { most: `$${next + 2}`, rows: isWhole && `$${next} - 1` });
}
