/** The schemas of a document, by name. */
import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  format?: string;
  nullable?: boolean;
  default?: unknown;
  description?: string;
  discriminator?: { propertyName: string; mapping: Record<string, string> };
  [extension: `x-${string}`]: unknown;
}

export const schemasOf = (document: OpenAPIObject) => document.components!.schemas as Record<string, Schema>;

export function resolve(document: OpenAPIObject, schema: Schema): Schema {
  return schema.$ref ? schemasOf(document)[schema.$ref.split('/').pop()!]! : schema;
}

/** Puts one of several schemas, each under its own name, in the place of one. */
export function replaceByOneOf(document: OpenAPIObject, name: string, variants: Record<string, Schema>): Schema {
  const union = { oneOf: Object.keys(variants).map((one) => ({ $ref: getSchemaPath(one) })) };
  Object.assign(schemasOf(document), variants, { [name]: union });
  return union;
}

/** The name of a class for a name such as `order_list` or `order.created`. */
export const pascalOf = (name: string) =>
  name.replace(/(?:^|[^a-z\d]+)([a-z\d])/gi, (_, letter: string) => letter.toUpperCase());
