import { type ArgumentMetadata, SetMetadata, ValidationPipe as NestValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { MalformedRequest, ValidationFailed } from '../problems/http.errors.js';
import type { FieldProblem } from '../problems/problem.js';

const MAX_PARAMETERS = 100;
const MAX_ERRORS = 100;
const MAX_QUERIES = 1_000;
const MAX_QUERY_LENGTH = 256;
const MAX_MESSAGE = 200;
// The names of the validators that ask for a type.
const TYPES = new Set(['isArray', 'isBoolean', 'isInt', 'isNumber', 'isObject', 'isString', 'list', 'text', 'type']);
const OPTIONAL_BODY = 'optional body';

/** Validates bodies and queries at the edge; unknown fields, and text that PostgreSQL can't store, are refused. */
export class ValidationPipe extends NestValidationPipe {
  /** By the class of the query, and its text. */
  private readonly known = new Map<unknown, Map<string, unknown>>();

  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) => new ValidationFailed(fieldProblems(errors)),
    });
  }

  override async transform(sent: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body' && metadata.type !== 'query') return sent;
    const value = sent === undefined && isOptional(metadata.metatype) ? {} : sent;
    // class-transformer would validate an array item by item (nestjs/nest#2874).
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ValidationFailed([{ field: metadata.type, message: `${metadata.type} must be an object` }]);
    }
    if (metadata.type === 'query') return this.query(value, metadata);
    return this.checked(value, metadata);
  }

  /** Most queries have been read before: what they have become is remembered, of the last 1,000 short ones. */
  private async query(sent: object, metadata: ArgumentMetadata): Promise<unknown> {
    if (Object.keys(sent).length > MAX_PARAMETERS) {
      throw new MalformedRequest(`The query has more than ${MAX_PARAMETERS} parameters.`);
    }
    const known = this.known.get(metadata.metatype) ?? new Map<string, unknown>();
    this.known.set(metadata.metatype, known);
    const text = JSON.stringify(sent);
    if (known.has(text)) return known.get(text);
    // Handlers share it.
    const valid = Object.freeze(await this.checked(sent, metadata));
    if (known.size >= MAX_QUERIES) known.delete(known.keys().next().value!);
    if (text.length <= MAX_QUERY_LENGTH) known.set(text, valid);
    return valid;
  }

  private checked(value: object, metadata: ArgumentMetadata): Promise<unknown> {
    refuseUnstorable(value);
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** Lets a route go without the body that this class describes. */
export const OptionalBody = () => SetMetadata(OPTIONAL_BODY, true);

function isOptional(body: object = {}): boolean {
  return Reflect.getMetadata(OPTIONAL_BODY, body) === true;
}

/** Bodies that get here are already bounded in depth and width. */
function refuseUnstorable(value: object, parent = ''): void {
  for (const [key, one] of Object.entries(value) as [string, unknown][]) {
    const field = parent ? `${parent}.${key}` : key;
    // class-validator treats them as known fields.
    if (key in Object.prototype) throw refused(field, `property ${key} should not exist`);
    if (!isStorable(key) || (typeof one === 'string' && !isStorable(one))) {
      throw refused(field.toWellFormed(), 'must not contain NUL characters or lone surrogates');
    }
    if (typeof one === 'number' && !Number.isFinite(one))
      throw refused(field, 'must be a number that is not too large');
    if (typeof one === 'object' && one !== null) refuseUnstorable(one, field);
  }
}

function refused(field: string, message: string): ValidationFailed {
  return new ValidationFailed([{ field: short(field), message: short(message) }]);
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/**
 * Flattens the errors of class-validator, with a dotted path for nested fields: one message a field, and where the type
 * is wrong that of the type, because the others make no sense then. Names that clients send are cut short.
 */
export function fieldProblems(errors: ValidationError[], parent = ''): FieldProblem[] {
  const all = errors.flatMap(({ property, constraints, children = [] }) => {
    const field = parent ? `${parent}.${property}` : property;
    // Of what is no object or list, there are no fields to tell of.
    return constraints ? problemsOf(field, constraints) : fieldProblems(children, field);
  });
  return all.slice(0, MAX_ERRORS);
}

function problemsOf(field: string, constraints: Record<string, string>): FieldProblem[] {
  const names = Object.keys(constraints);
  const name = names.find((one) => TYPES.has(one)) ?? names[0];
  return name === undefined ? [] : [{ field: short(field), message: short(constraints[name]!) }];
}

function short(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE).toWellFormed()}…` : text;
}
