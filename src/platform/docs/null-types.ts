import type { Schema } from './schemas.js';

const NULL = { type: 'null' };
// What these hold is no schema.
const VALUES = new Set(['default', 'enum', 'example', 'examples']);

/** Has null among the types, as in OpenAPI 3.1, instead of `nullable` beside them. */
export function withNullTypes(value: unknown, key = ''): unknown {
  if (typeof value !== 'object' || value === null || VALUES.has(key)) return value;
  if (Array.isArray(value)) return value.map((one) => withNullTypes(one));
  const entries = Object.entries(value).map(([name, one]) => [name, withNullTypes(one, name)]);
  const schema = Object.fromEntries(entries) as Schema;
  if (schema.nullable !== true) return bare(schema);
  delete schema.nullable;
  return orNull(schema);
}

function orNull(schema: Schema): Schema {
  const { allOf, ...rest } = schema;
  // Nest wraps a class to say something of it.
  if (allOf) return { ...rest, oneOf: [...allOf, NULL] };
  if (schema.oneOf) return { ...schema, oneOf: [...schema.oneOf, NULL] };
  const values = schema.enum && { enum: [...schema.enum, null] };
  return { ...schema, type: [schema.type as string, 'null'], ...values };
}

/** A reference may stand beside what is said of it. */
function bare(schema: Schema): Schema {
  const { allOf, ...rest } = schema;
  return Array.isArray(allOf) && allOf.length === 1 ? { ...allOf[0], ...rest } : schema;
}
