import type { EntityMetadata, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Deleted } from './filter.js';

/** Rows of an entity in a query. */
interface Rows {
  query: SelectQueryBuilder<ObjectLiteral>;
  entity: EntityMetadata;
  alias: string;
}

/**
 * Hides a row when it, or a soft-deletable row that it belongs to and would be deleted with, is soft-deleted. An
 * entity does nothing for it.
 * @param filter where it names an owner, it already looks for one that is not deleted
 * @param aliasOf gives the owner at such a path a name in the query
 */
export function hideDeleted(
  { query, entity, alias }: Rows,
  filter: object,
  deleted: Deleted,
  aliasOf: (path: string) => string,
): void {
  const canHide = entity.findColumnWithPropertyName('is_deleted') !== undefined;
  if (canHide && deleted !== 'include') query.andWhere(`${alias}.is_deleted = ${deleted === 'only'}`);
  if (deleted !== 'exclude') return;
  for (const { propertyName, inverseEntityMetadata } of owners(entity)) {
    if (propertyName in filter) continue;
    const path = `${alias}.${propertyName}`;
    const owner = aliasOf(path);
    query.innerJoin(path, owner);
    hideDeleted({ query, entity: inverseEntityMetadata, alias: owner }, {}, deleted, aliasOf);
  }
}

/** The rows that a row cannot be without: it is deleted along with them, and so hidden along with them. */
function owners(entity: EntityMetadata) {
  return entity.relations.filter(
    ({ isManyToOne, onDelete, isNullable }) => isManyToOne && onDelete === 'CASCADE' && !isNullable,
  );
}
