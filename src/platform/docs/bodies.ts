import type { OpenAPIObject } from '@nestjs/swagger';
import { type Operation, resolve, type Schema } from './schemas.js';

/** Says that unknown fields are refused, in the body and in what it consists of. */
export function closeBodies(document: OpenAPIObject, operation: Operation): void {
  for (const body of bodiesOf(operation)) close(document, body);
}

/** What a PATCH leaves out stays as it is. */
export function dropPatchDefaults(document: OpenAPIObject, operation: Operation): void {
  for (const body of bodiesOf(operation)) {
    for (const property of Object.values(resolve(document, body).properties ?? {})) delete property.default;
  }
}

function bodiesOf({ requestBody }: Operation): Schema[] {
  const { content = {} } = (requestBody ?? {}) as { content?: Record<string, { schema: Schema }> };
  return Object.values(content).map(({ schema }) => schema);
}

function close(document: OpenAPIObject, given: Schema): void {
  const schema = resolve(document, given);
  const { properties, items, allOf = [], oneOf = [] } = schema;
  if (properties) schema.additionalProperties ??= false;
  for (const part of [...Object.values(properties ?? {}), ...(items ? [items] : []), ...allOf, ...oneOf]) {
    close(document, part);
  }
}
