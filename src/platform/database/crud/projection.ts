/** What a read selects: the properties that its DTO documents, and, for a relation, those of the nested DTO. */
import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { NESTED } from './nested-rows.js';

export type Dto<T extends object = object> = new () => T;

interface NestedRow {
  name: string;
  projection: Projection;
  /** Whether there may be no such row. */
  isOptional: boolean;
}

export interface Projection {
  /** Tells projections apart in the key of a compiled statement. */
  key: string;
  columns: string[];
  /** Columns whose texts can be long. */
  long: string[];
  /** The most bytes of JSON that a row can have; infinite where a column has no bound. */
  widest: number;
  relations: NestedRow[];
  /** Whether instants are read as the texts that a response has. */
  isResponse: boolean;
}

// Where @nestjs/swagger keeps what @ApiProperty declared; PickType and its like copy it.
const PROPERTIES = 'swagger/apiModelPropertiesArray';
const PROPERTY = 'swagger/apiModelProperties';

// As JSON writes a control character: a backslash, u and four digits.
const BYTES_PER_CHARACTER = 6;
// Numbers, instants and the like, and with each value its name.
const BYTES_PER_VALUE = 64;
const LONG_BYTES = 16 * 1024;
const FIXED_TYPES = new Set(
  'bigint int smallint boolean timestamptz date uuid enum numeric'.split(' ').concat('double precision'),
);
const TEXT_TYPES = new Set(['varchar', 'text']);

/** Reads a DTO against an entity. Throws when the entity has no such column or relation. */
export function projectionOf(dto: Dto, entity: EntityMetadata): Projection {
  const prototype = dto.prototype as object;
  const names = ((Reflect.getMetadata(PROPERTIES, prototype) ?? []) as string[]).map((name) => name.slice(1));
  if (names.length === 0) throw new Error(`${dto.name} documents no property: add @ApiProperty`);
  const relations = names.flatMap((name) => {
    const relation = entity.findRelationWithPropertyPath(name);
    if (!relation) return [];
    if (relation.joinColumns.length === 0) {
      throw new Error(`${dto.name} reads ${name}, which is a list of rows: read them with the Crud of their entity`);
    }
    const { type } = Reflect.getMetadata(PROPERTY, prototype, name) as { type: Dto };
    const projection = projectionOf(type, relation.inverseEntityMetadata);
    return [{ name, projection, isOptional: relation.isNullable }];
  });
  const nested = new Set(relations.map(({ name }) => name));
  const columns = names.filter((name) => !nested.has(name));
  checkColumns(columns, entity, dto.name);
  const key = [...columns, ...relations.map(({ name, projection }) => `${name}(${projection.key})`)].join();
  const nestedBytes = relations.reduce((sum, { projection }) => sum + BYTES_PER_VALUE + projection.widest, 0);
  return { key, columns, relations, isResponse: true, ...measure(columns, entity, nestedBytes) };
}

/** The names of the columns in a statement, nested ones too. */
export function flatNames({ columns, relations }: Projection, prefix = ''): string[] {
  const nested = relations.flatMap(({ name, projection, isOptional }) => {
    const within = prefix + name + NESTED;
    return [...(isOptional ? [within] : []), ...flatNames(projection, within)];
  });
  return [...columns.map((name) => prefix + name), ...nested];
}

/** A projection of columns named one by one. */
export function columnsOnly(columns: readonly string[], entity: EntityMetadata): Projection {
  checkColumns(columns, entity, 'The selection');
  const measures = measure(columns, entity);
  return { key: columns.join(), columns: [...columns], relations: [], isResponse: false, ...measures };
}

function measure(
  names: readonly string[],
  entity: EntityMetadata,
  nestedBytes = 0,
): { long: string[]; widest: number } {
  const columns = names.map((name) => entity.findColumnWithPropertyName(name)!);
  const isLong = (column: ColumnMetadata) =>
    TEXT_TYPES.has(column.type as string) && !column.isArray && widthOf(column) > LONG_BYTES;
  return {
    long: columns.filter(isLong).map(({ propertyName }) => propertyName),
    widest: columns.reduce((sum, column) => sum + BYTES_PER_VALUE + widthOf(column), nestedBytes),
  };
}

function widthOf({ type, length, isArray }: ColumnMetadata): number {
  if (isArray) return Infinity;
  if (FIXED_TYPES.has(type as string)) return 0;
  return type === 'varchar' && length !== '' ? Number(length) * BYTES_PER_CHARACTER : Infinity;
}

/** Throws for a relation whose table has no entity: nothing reads or writes it. */
export function refuseManyToMany({ name, manyToManyRelations: [relation] }: EntityMetadata): void {
  if (!relation) return;
  throw new Error(`${name}.${relation.propertyName} is many-to-many: give the table in between an entity of its own`);
}

function checkColumns(columns: readonly string[], entity: EntityMetadata, who: string): void {
  const unknown = columns.filter((name) => !entity.findColumnWithPropertyName(name));
  if (unknown.length > 0) throw new Error(`${who} reads ${unknown.join(', ')}, which ${entity.name} does not have`);
}
