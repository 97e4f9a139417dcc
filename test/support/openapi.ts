/** An OpenAPI document as the suites read it, and whether values are what its schemas say. */
interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  format?: string;
  nullable?: boolean;
  minLength?: number;
  maxLength?: number;
  allOf?: Schema[];
  example?: unknown;
}
interface Media {
  schema: Schema;
  examples?: Record<string, { value: unknown }>;
}
/** One method of one path. */
export interface Operation {
  route: string;
  path: string;
  method: string;
  summary?: string;
  tags?: string[];
  operationId: string;
  security?: object[];
  parameters: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}
interface Root {
  openapi: string;
  info: Record<string, unknown>;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> };
}

export class Contract {
  readonly root: Root;

  constructor(readonly text: string) {
    this.root = JSON.parse(text) as Root;
  }

  operations(): Operation[] {
    return Object.entries(this.root.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) =>
        Object.assign({ route: `${method.toUpperCase()} ${path}`, path, method }, operation),
      ),
    );
  }

  resolve({ $ref, ...schema }: Schema): Schema | undefined {
    if (!$ref) return schema;
    const path = $ref.replace(/^#\//, '').split('/');
    return path.reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], this.root) as Schema;
  }

  /** Where a value is not what a schema says: types, required and undocumented properties, items, enums, lengths. */
  mismatches(given: Schema, value: unknown, at = '$'): string[] {
    const schema = this.resolve(given)!;
    if (schema.allOf) return schema.allOf.flatMap((part) => this.mismatches(part, value, at));
    if (value === null) return schema.nullable ? [] : [`${at} is null`];
    const actual = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
    const expected = schema.type;
    if (expected && expected !== actual && !(expected === 'number' && actual === 'integer')) {
      return schema.nullable && expected === 'object' ? [] : [`${at} is ${actual}, not ${expected}`];
    }
    if (schema.enum && !schema.enum.includes(value)) return [`${at} is not one of ${String(schema.enum)}`];
    if (typeof value === 'string') {
      const isFitting = value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity);
      return isFitting ? [] : [`${at} has the wrong length`];
    }
    if (Array.isArray(value))
      return value.flatMap((item, index) => this.mismatches(schema.items!, item, `${at}[${index}]`));
    if (typeof value !== 'object' || !schema.properties) return [];
    const { properties, required = [] } = schema;
    const missing = required.filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
    const nested = Object.entries(value).flatMap(([name, inner]) =>
      properties[name]
        ? this.mismatches(properties[name], inner, `${at}.${name}`)
        : [`${at}.${name} is not documented`],
    );
    return [...missing, ...nested];
  }
}
