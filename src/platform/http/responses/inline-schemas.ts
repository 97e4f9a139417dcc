import type { OpenAPIObject } from '@nestjs/swagger';

export type Schema = Record<string, unknown>;

/** A self-contained schema without `required`: a response that lacks a field is better than a 500. */
export function selfContained(schema: Schema, document: OpenAPIObject): Schema {
  const reference = schema.$ref as string | undefined;
  if (reference) return selfContained(document.components!.schemas![reference.split('/').pop()!] as Schema, document);
  // Anything goes.
  if (schema.oneOf) return {};
  const { required: _, example: _example, properties, items, allOf, ...rest } = schema;
  if (Array.isArray(allOf) && allOf.length === 1) return { ...rest, ...selfContained(allOf[0] as Schema, document) };
  return {
    ...rest,
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as Record<string, Schema>).map(([name, one]) => [name, selfContained(one, document)]),
      ),
    }),
    ...(items !== undefined && { items: selfContained(items as Schema, document) }),
  };
}
