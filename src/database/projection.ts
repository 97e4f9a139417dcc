/** What a read selects: the properties that its DTO documents, and, for a relation, those of the nested DTO. */
import type { EntityMetadata } from 'typeorm';

export type Dto<T extends object = object> = new () => T;

export interface Projection {
  /** Tells projections apart in the key of a compiled statement. */
  key: string;
  columns: string[];
  relations: { name: string; projection: Projection }[];
}

// Where @nestjs/swagger keeps what @ApiProperty declared; PickType and its like copy it.
const PROPERTIES = 'swagger/apiModelPropertiesArray';
const PROPERTY = 'swagger/apiModelProperties';

/** Reads a DTO against an entity. Throws when the entity has no such column or relation. */
export function projectionOf(dto: Dto, entity: EntityMetadata): Projection {
  const prototype = dto.prototype as object;
  const names = ((Reflect.getMetadata(PROPERTIES, prototype) ?? []) as string[]).map((name) => name.slice(1));
  if (names.length === 0) throw new Error(`${dto.name} documents no property: add @ApiProperty`);
  const relations = names.flatMap((name) => {
    const relation = entity.findRelationWithPropertyPath(name);
    if (!relation) return [];
    const { type } = Reflect.getMetadata(PROPERTY, prototype, name) as { type: Dto };
    return [{ name, projection: projectionOf(type, relation.inverseEntityMetadata) }];
  });
  const nested = new Set(relations.map(({ name }) => name));
  const columns = names.filter((name) => !nested.has(name));
  checkColumns(columns, entity, dto.name);
  const key = [...columns, ...relations.map(({ name, projection }) => `${name}(${projection.key})`)].join();
  return { key, columns, relations };
}

/** A projection of columns named one by one. */
export function columnsOnly(columns: readonly string[], entity: EntityMetadata): Projection {
  checkColumns(columns, entity, 'The selection');
  return { key: columns.join(), columns: [...columns], relations: [] };
}

function checkColumns(columns: readonly string[], entity: EntityMetadata, who: string): void {
  const unknown = columns.filter((name) => !entity.findColumnWithPropertyName(name));
  if (unknown.length > 0) throw new Error(`${who} reads ${unknown.join(', ')}, which ${entity.name} does not have`);
}
