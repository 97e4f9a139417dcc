import type { EntityMetadata, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { type Deleted, OPERATORS, type Operator } from './filter.js';
import type { Projection } from './projection.js';
import { NESTED } from './nested-rows.js';
import { searchSql } from './search.js';
import { hideDeleted } from './hidden-rows.js';

const OF_ARRAYS = new Set(['contains', 'overlaps', 'not', 'null']);

/** One statement in the making: counts values and aliases while it walks filter and projection. */
export class StatementParts {
  private values = 0;
  private aliases = 0;
  private readonly owners = new Map<string, string>();

  constructor(
    readonly query: SelectQueryBuilder<ObjectLiteral>,
    private readonly deleted: Deleted,
  ) {}

  /** Nested rows are selected as flat columns: JSON made by PostgreSQL costs it more than all the rest of a list. */
  project(projection: Projection, alias: string, entity: EntityMetadata): void {
    this.query.select([]);
    this.add(projection, alias, entity, '');
  }

  private add({ columns, relations }: Projection, alias: string, entity: EntityMetadata, prefix: string): void {
    for (const name of columns) this.query.addSelect(`${alias}.${name}`, prefix + name);
    for (const { name, projection, isOptional } of relations) {
      const target = entity.findRelationWithPropertyPath(name)!.inverseEntityMetadata;
      const nested = this.owners.get(`${alias}.${name}`) ?? this.joined(`${alias}.${name}`);
      const within = prefix + name + NESTED;
      // TypeORM would give a column that is selected twice one name.
      if (isOptional) this.query.addSelect(`coalesce(${nested}.id)`, within);
      this.add(projection, nested, target, within);
    }
  }

  private joined(path: string): string {
    const alias = `n${++this.aliases}`;
    this.query.leftJoin(path, alias);
    return alias;
  }

  /** See `hideDeleted` in hidden-rows.ts. */
  hideDeleted(
    query: SelectQueryBuilder<ObjectLiteral>,
    entity: EntityMetadata,
    alias: string,
    filter: object,
    deleted = this.deleted,
  ): void {
    hideDeleted({ query, entity, alias }, filter, deleted, (path) => {
      const owner = `o${++this.aliases}`;
      this.owners.set(path, owner);
      return owner;
    });
  }

  /** @param alias the name that the rows of the entity have in the statement */
  conditions(filter: object, entity: EntityMetadata, alias: string): string[] {
    return Object.entries(filter).map(([name, condition]) => {
      const relation = entity.findRelationWithPropertyPath(name);
      const column = relation ? pointerOf(relation) : entity.findColumnWithPropertyName(name);
      if (!column) throw new Error(`${entity.name} has no column ${name}`);
      const path = `"${alias}"."${column.databaseName}"`;
      if (relation && condition !== null) {
        return `${path} = ${this.owner(condition as object, relation.inverseEntityMetadata)}`;
      }
      return column.isArray ? this.membership(path, column, condition) : this.condition(path, condition);
    });
  }

  private condition(path: string, condition: unknown): string {
    if (condition === null) return `${path} IS NULL`;
    if (Array.isArray(condition)) return `${path} = ANY(${this.parameter()})`;
    if (typeof condition === 'object' && !(condition instanceof Date)) {
      return this.comparisons(path, condition);
    }
    return `${path} = ${this.parameter()}`;
  }

  private comparisons(path: string, condition: object): string {
    const all = Object.entries(condition).map(([operator, value]) => this.comparison(path, operator, value));
    return all.join(' AND ');
  }

  private comparison(path: string, operator: string, value: unknown): string {
    if (operator === 'null') return `${path} IS NULL`;
    if (operator === 'not' && value === null) return `${path} IS NOT NULL`;
    if (value === null) throw new Error(`Nothing is ${operator} null`);
    if (operator === 'in') return `${path} = ANY(${this.parameter()})`;
    if (operator === 'matches' || operator === 'begins') return this.search(path, value as object, operator);
    if (!Object.hasOwn(OPERATORS, operator)) throw new Error(`There is no operator ${operator}`);
    return `${path} ${OPERATORS[operator as Operator]} ${this.parameter()}`;
  }

  private search(path: string, words: object, operator: string): string {
    const [configuration] = Object.keys(words);
    return searchSql(path, { configuration: configuration!, words: this.parameter(), begins: operator === 'begins' });
  }

  /** As an index on the elements (GIN) answers it. */
  private membership(path: string, column: ColumnMetadata, condition: unknown): string {
    if (condition === null) return `${path} IS NULL`;
    if (Array.isArray(condition)) return `${path} && ${this.parameter()}`;
    if (typeof condition === 'object') {
      if (Object.keys(condition).every((name) => OF_ARRAYS.has(name))) {
        return this.comparisons(path, condition);
      }
      throw new Error('An array has or has not values');
    }
    const type = this.query.connection.driver.normalizeType(column);
    return `${path} @> CAST(ARRAY[${this.parameter()}] AS ${type}[])`;
  }

  /** A scalar subselect rather than a join: PostgreSQL runs it first, and lists keep the order of their index. */
  private owner(filter: object, entity: EntityMetadata): string {
    const alias = `s${++this.aliases}`;
    const keys = [entity.primaryColumns, ...entity.uniques.map(({ columns }) => columns)];
    const isUnique = keys.some((columns) => columns.every(({ propertyName }) => propertyName in filter));
    if (!isUnique) throw new Error(`A filter on ${entity.name} must name one row: give its id or a unique column`);
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
}

/** The column of a relation that has the id of the row that it points to. */
function pointerOf({ joinColumns: [column], entityMetadata, propertyName }: RelationMetadata): ColumnMetadata {
  if (column) return column;
  throw new Error(`${entityMetadata.name}.${propertyName} points to many rows: a filter takes those that point to one`);
}
