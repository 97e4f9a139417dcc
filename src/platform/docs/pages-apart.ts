import type { OpenAPIObject } from '@nestjs/swagger';
import { PAGE_KIND } from '../http/lists/pagination.js';
import { replaceByOneOf, type Schema, schemasOf } from './schemas.js';

/** Tells pages by number from pages by cursor where a list has both: none has the fields of both. */
export function tellPagesApart(document: OpenAPIObject): void {
  for (const [name, schema] of Object.entries(schemasOf(document))) {
    const kinds = new Set(
      Object.values(schema.properties ?? {}).flatMap((property) => (property[PAGE_KIND] as string) ?? []),
    );
    if (kinds.size === 0) continue;
    const variants = [...kinds].map((kind) => [name.replace(/Page$/, kind), variantOf(schema, kind)]);
    replaceByOneOf(document, name, Object.fromEntries(variants) as Record<string, Schema>);
  }
}

function variantOf({ properties = {}, ...schema }: Schema, kind: string): Schema {
  const own = Object.entries(properties).flatMap(([name, { [PAGE_KIND]: only = kind, ...property }]) =>
    only === kind ? [[name, property]] : [],
  );
  return { ...schema, properties: Object.fromEntries(own), required: own.map(([name]) => name as string) };
}
