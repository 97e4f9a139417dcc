/** An OpenAPI document as the suites read it, and whether values are what its schemas say. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  default?: unknown;
  additionalProperties?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  oneOf?: Schema[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
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
  /** What opens it to whoever holds it: alone, or beside the owner. */
  'x-permission'?: string;
  /** By what it must have been proved lately that its owner calls. */
  'x-fresh-proof'?: 'session' | 'password';
  responses: Record<string, { description: string; headers?: object; content?: Record<string, Media> }>;
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
    if (schema.oneOf) return this.mismatchesOfOne(schema.oneOf, value, at);
    const actual = typeOf(value);
    const expected = schema.type === undefined ? [] : [schema.type].flat();
    const isFitting = expected.includes(actual) || (actual === 'integer' && expected.includes('number'));
    if (expected.length > 0 && !isFitting) return [`${at} is ${actual}, not ${String(expected)}`];
    if (schema.enum && !schema.enum.includes(value)) return [`${at} is not one of ${String(schema.enum)}`];
    if (typeof value === 'string') {
      const hasLength = value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity);
      return hasLength ? [] : [`${at} has the wrong length`];
    }
    if (Array.isArray(value))
      return value.flatMap((item, index) => this.mismatches(schema.items!, item, `${at}[${index}]`));
    if (typeof value !== 'object' || value === null || !schema.properties) return [];
    const { properties, required = [] } = schema;
    const missing = required.filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
    const nested = Object.entries(value).flatMap(([name, inner]) =>
      properties[name]
        ? this.mismatches(properties[name], inner, `${at}.${name}`)
        : [`${at}.${name} is not documented`],
    );
    return [...missing, ...nested];
  }

  /** Of several schemas, the one that a value names. */
  chosen({ discriminator, ...schema }: Schema, value: object = {}): Schema {
    if (!discriminator) return schema;
    const { propertyName, mapping } = discriminator;
    return this.resolve({ $ref: mapping[(value as Record<string, string>)[propertyName]!] })!;
  }

  /** Of several schemas: the one that the value is nearest to. */
  private mismatchesOfOne(schemas: Schema[], value: unknown, at: string): string[] {
    const all = schemas.map((one) => this.mismatches(one, value, at));
    return all.toSorted((one, other) => one.length - other.length)[0]!;
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
}
