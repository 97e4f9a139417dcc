import type { EntityMetadata, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Deleted, OPERATORS, type Operator } from './filter.js';
import type { Projection } from './projection.js';
import { hideDeleted } from './soft-deletion.js';

/** One statement in the making: counts values and aliases while it walks filter and projection. */
export class StatementBuild {
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

  /** See `hideDeleted` in soft-deletion.ts. */
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
