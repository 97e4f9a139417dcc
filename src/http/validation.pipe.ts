import { type ArgumentMetadata, SetMetadata, ValidationPipe as NestValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { MalformedRequest, ValidationFailed } from './http.errors.js';
import type { FieldProblem } from './problem.js';

const MAX_DEPTH = 32;
const MAX_FIELDS = 1000;
const OPTIONAL_BODY = 'optional body';

/** Validates bodies and queries at the edge; unknown fields, and text that PostgreSQL can't store, are refused. */
export class ValidationPipe extends NestValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      stopAtFirstError: true,
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
    refuseUnstorable(value);
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** Lets a route go without the body that this class describes. */
export const OptionalBody = () => SetMetadata(OPTIONAL_BODY, true);

function isOptional(body: object = {}): boolean {
  return Reflect.getMetadata(OPTIONAL_BODY, body) === true;
}

/** Walks without recursion, so that no nesting can exhaust the stack. */
function refuseUnstorable(root: object): void {
  const pending: { value: object; path: string; depth: number }[] = [{ value: root, path: '', depth: 1 }];
  let fields = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.depth > MAX_DEPTH) throw new MalformedRequest(`The body is nested deeper than ${MAX_DEPTH} levels.`);
    const entries = Object.entries(next.value);
    if (!Array.isArray(next.value)) fields += entries.length;
    if (fields > MAX_FIELDS) throw new MalformedRequest(`The body has more than ${MAX_FIELDS} fields.`);
    for (const [key, value] of entries) {
      const path = next.path ? `${next.path}.${key}` : key;
      if (key in Object.prototype) {
        // class-validator takes them for known fields.
        throw new ValidationFailed([{ field: path, message: `property ${key} should not exist` }]);
      }
      if (!isStorable(key) || (typeof value === 'string' && !isStorable(value))) {
        const message = 'must not contain NUL characters or lone surrogates';
        throw new ValidationFailed([{ field: path.toWellFormed(), message }]);
      }
      if (typeof value === 'object' && value !== null) pending.push({ value, path, depth: next.depth + 1 });
    }
  }
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Flattens the errors of class-validator, with a dotted path for nested fields. */
export function fieldProblems(errors: ValidationError[], parent = ''): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = parent ? `${parent}.${error.property}` : error.property;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
    return [...own, ...fieldProblems(error.children ?? [], field)];
  });
}
