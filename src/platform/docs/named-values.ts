/** Schemas of names that are known only when all domains are: they carry a mark until then. */
import type { OpenAPIObject } from '@nestjs/swagger';
import { OF_PERMISSIONS } from '../http/access/permission-name.js';
import { permissions } from '../http/access/permissions.js';
import { type Schema, schemasOf } from './schemas.js';

export function namePermissions(document: OpenAPIObject): void {
  nameMarked(
    document,
    OF_PERMISSIONS,
    permissions().map(({ name }) => name),
  );
}

/** Gives every schema with the mark these names, instead of the mark. */
export function nameMarked(document: OpenAPIObject, mark: `x-${string}`, names: string[]): void {
  nameWithin(Object.values(schemasOf(document)), mark, names);
}

function nameWithin(schemas: Schema[], mark: `x-${string}`, names: string[]): void {
  for (const schema of schemas) {
    if (schema[mark]) {
      delete schema[mark];
      schema.enum = names;
    }
    nameWithin([...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])], mark, names);
  }
}
