/** Compiles reads with TypeORM's query builder, once for each shape, into SQL that runs as a named prepared statement. */
import { createHash } from 'node:crypto';
import type { EntityMetadata, ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import type { Projection } from './projection.js';

type Scalar = string | number | boolean | Date;

/** A condition on one column: a value, one of several, null, or a comparison. */
export type Condition<V> = V | V[] | null | { not?: V; lt?: V; lte?: V; gt?: V; gte?: V };

/** Typed keys of the entity; a relation takes a filter on the row it points to. */
export type Filter<E> = {
  [K in keyof E]?: NonNullable<E[K]> extends Scalar
    ? Condition<NonNullable<E[K]>>
    : NonNullable<E[K]> extends object
      ? Filter<NonNullable<E[K]>>
      : never;
};

/** Which soft-deleted rows a read sees: none (default), all, or nothing else. */
export type Deleted = 'exclude' | 'include' | 'only';

export interface Shape {
  what: Projection | 'exists' | 'count' | 'few';
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
}

/** How many rows are counted one by one. */
export const FEW = 1_000;

const OPERATORS = { not: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
type Operator = keyof typeof OPERATORS;

/** The shape of a filter as text, and its values in order. Undefined conditions are refused, not ignored. */
export function valuesOf(filter: object, values: unknown[]): string {
  let key = '';
  for (const [name, condition] of Object.entries(filter)) {
    if (condition === undefined) throw new Error(`The condition on ${name} is undefined`);
    if (condition === null) key += `${name}~,`;
    else if (Array.isArray(condition)) {
      key += `${name}[],`;
      values.push(condition);
    } else if (typeof condition === 'object' && !(condition instanceof Date)) {
      key += `${name}{${valuesOf(condition as object, values)}},`;
    } else {
      key += `${name},`;
      values.push(condition);
    }
  }
  return key;
}

export class StatementCompiler<E extends ObjectLiteral> {
  constructor(private readonly repository: Repository<E>) {}

  compile(filter: object, shape: Shape): Statement {
    const build = new Build(this.repository.createQueryBuilder('t'), shape.deleted);
    const entity = this.repository.metadata;
    for (const condition of build.conditions(filter, entity, 't')) build.query.andWhere(condition);
    build.hideDeleted(build.query, entity, 't', filter);
    if (shape.what === 'exists') build.query.select('1', 'one').limit(1);
    else if (shape.what === 'count') build.query.select('count(*)', 'count');
    else if (shape.what === 'few') build.query.select('1', 'one').limit(FEW + 1);
    else build.project(shape.what, 't', entity);
    if (shape.lock) build.query.setLock('pessimistic_write', undefined, ['t']);
    const [text, slots] = build.query.getQueryAndParameters() as [string, { value: number }[]];
    return finish(text, slots, shape);
  }
}

function finish(text: string, slots: { value: number }[], shape: Shape): Statement {
  const order = slots.map(({ value }) => value);
  const next = order.length;
  const list = `${text} ORDER BY "t"."id" DESC LIMIT $${next + 1} OFFSET $${next + 2}`;
  const sql = shape.isMeasured
    ? measured(list, shape.what as Projection, { most: `$${next + 3}`, rows: shape.isWhole && `$${next + 1} - 1` })
    : shape.isList
      ? list
      : shape.what === 'few'
        ? `SELECT count(*) AS "count" FROM (${text}) AS few`
        : text;
  if (shape.isList) order.push(next, next + 1);
  if (shape.isMeasured) order.push(next + 2);
  return { name: `crud_${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`, text: sql, order };
}

/**
 * The rows of a list as long as they have no more than `most` bytes of JSON together, at least the first; `found` is how
 * many the list has. The length of a long text is known without reading it, so that no more than `most` bytes of them are
 * read to find out what JSON makes of them. Where they have to be so many `rows`, or all that there are, and are not, only
 * the first is read.
 */
function measured(
  list: string,
  { columns, relations, long }: Projection,
  { most, rows }: { most: string; rows?: string | false },
): string {
  if (!columns.includes('id')) throw new Error('The rows of a list are measured in the order of their ids: select id');
  const names = [...columns, ...relations.map(({ name }) => name)].map((name) => `"${name}"`).join(', ');
  const lengths = long.map((name) => `coalesce(octet_length(page."${name}"), 0)`).join(' + ') || '0';
  const sized = `SELECT page.*, count(*) OVER () AS "found", row_number() OVER newest AS "nth",
    sum(${lengths}) OVER newest AS "text_bytes" FROM (${list}) page WINDOW newest AS (ORDER BY page."id" DESC)`;
  const summed = `SELECT sized.*, sum(octet_length(row_to_json(sized)::text)) OVER (ORDER BY "id" DESC) AS "json_bytes"
    FROM (${sized}) sized WHERE "nth" = 1 OR "text_bytes" <= ${most}`;
  const counted = `SELECT summed.*, count(*) FILTER (WHERE "json_bytes" <= ${most}) OVER () AS "fitting"
    FROM (${summed}) summed`;
  const fits = rows ? `"json_bytes" <= ${most} AND "fitting" >= least("found", ${rows})` : `"json_bytes" <= ${most}`;
  return `SELECT ${names}, "found" FROM (${counted}) counted WHERE "nth" = 1 OR ${fits} ORDER BY "id" DESC`;
}

/** One statement in the making: counts values and aliases while it walks filter and projection. */
class Build {
  private values = 0;
  private aliases = 0;
  private readonly owners = new Map<string, string>();

  constructor(
    readonly query: SelectQueryBuilder<ObjectLiteral>,
    private readonly deleted: Deleted,
  ) {}

  project(projection: Projection, alias: string, entity: EntityMetadata): void {
    this.query.select([]);
    for (const name of projection.columns) this.query.addSelect(`${alias}.${name}`, name);
    for (const { name, projection: nested } of projection.relations) {
      const target = entity.findRelationWithPropertyPath(name)!.inverseEntityMetadata;
      this.query.addSelect(this.nested(`${alias}.${name}`, nested, target), name);
    }
  }

  /** A row is hidden when it, or a soft-deletable row that it belongs to and would be deleted with, is soft-deleted. */
  hideDeleted(
    query: SelectQueryBuilder<ObjectLiteral>,
    entity: EntityMetadata,
    alias: string,
    filter: object,
    deleted = this.deleted,
  ): void {
    const canHide = entity.findColumnWithPropertyName('is_deleted') !== undefined;
    if (canHide && deleted !== 'include') query.andWhere(`${alias}.is_deleted = ${deleted === 'only'}`);
    if (deleted !== 'exclude') return;
    for (const relation of owners(entity)) {
      // A filter on the owner already looks for it among those that are not deleted.
      if (relation.propertyName in filter) continue;
      const owner = `o${++this.aliases}`;
      query.innerJoin(`${alias}.${relation.propertyName}`, owner);
      this.owners.set(`${alias}.${relation.propertyName}`, owner);
      this.hideDeleted(query, relation.inverseEntityMetadata, owner, {});
    }
  }

  conditions(filter: object, entity: EntityMetadata, alias: string): string[] {
    return Object.entries(filter).map(([name, condition]) => {
      const relation = entity.findRelationWithPropertyPath(name);
      if (relation) {
        const column = `${alias}.${relation.joinColumns[0]!.propertyName}`;
        return `${column} = ${this.owner(condition as object, relation.inverseEntityMetadata)}`;
      }
      if (!entity.findColumnWithPropertyName(name)) throw new Error(`${entity.name} has no column ${name}`);
      return this.condition(`${alias}.${name}`, condition);
    });
  }

  private condition(column: string, condition: unknown): string {
    if (condition === null) return `${column} IS NULL`;
    if (Array.isArray(condition)) return `${column} = ANY(${this.parameter()})`;
    if (typeof condition === 'object' && !(condition instanceof Date)) {
      const operators = Object.keys(condition) as Operator[];
      return operators.map((operator) => `${column} ${OPERATORS[operator]} ${this.parameter()}`).join(' AND ');
    }
    return `${column} = ${this.parameter()}`;
  }

  /** A scalar subselect rather than a join: PostgreSQL runs it first, and lists keep the order of their index. */
  private owner(filter: object, entity: EntityMetadata): string {
    const alias = `s${++this.aliases}`;
    const isUnique = entity.uniques.some(({ columns }) => columns.every(({ propertyName }) => propertyName in filter));
    if (!isUnique) throw new Error(`A filter on ${entity.name} must name one row: give a unique column`);
    const query = this.query.subQuery().select(`${alias}.id`).from(entity.target, alias);
    for (const condition of this.conditions(filter, entity, alias)) query.andWhere(condition);
    this.hideDeleted(query, entity, alias, filter, this.deleted === 'exclude' ? 'exclude' : 'include');
    return query.getQuery();
  }

  private parameter(): string {
    const name = `p${this.values}`;
    this.query.setParameter(name, { value: this.values++ });
    return `:${name}`;
  }

  private nested(path: string, projection: Projection, entity: EntityMetadata): string {
    const owner = this.owners.get(path);
    if (owner) return this.json(owner, projection, entity);
    const alias = `n${++this.aliases}`;
    this.query.leftJoin(path, alias);
    return `CASE WHEN ${alias}.id IS NOT NULL THEN ${this.json(alias, projection, entity)} END`;
  }

  private json(alias: string, projection: Projection, entity: EntityMetadata): string {
    const fields = projection.columns.map((name) => {
      const isInstant = entity.findColumnWithPropertyName(name)!.type === 'timestamptz';
      const column = `${alias}.${name}`;
      // json_build_object would write instants in the session's time zone.
      return `'${name}', ${isInstant ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : column}`;
    });
    return `json_build_object(${fields.join(', ')})`;
  }
}

/** The rows that a row cannot be without: it is deleted along with them, and so hidden along with them. */
function owners(entity: EntityMetadata) {
  return entity.relations.filter(
    ({ isManyToOne, onDelete, isNullable }) => isManyToOne && onDelete === 'CASCADE' && !isNullable,
  );
}
