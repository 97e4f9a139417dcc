import { type ColumnOptions, getMetadataArgsStorage } from 'typeorm';

/** What an entity class says of a column of its own or of a class that it extends. Throws if it has no such column. */
export function columnOf(entity: new () => object, name: string): ColumnOptions {
  const { columns } = getMetadataArgsStorage();
  const column = columns.find(({ target, propertyName }) => propertyName === name && isOf(entity, target));
  if (!column) throw new Error(`${entity.name} has no column ${name}`);
  return column.options;
}

function isOf(entity: new () => object, target: unknown): boolean {
  return target === entity || (typeof target === 'function' && entity.prototype instanceof target);
}
