/** The values of a list: each is validated, converted and documented as a field of its own would be. */
import type { Type as Class } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

// Where @nestjs/swagger keeps what @ApiProperty declared.
const PROPERTY = 'swagger/apiModelProperties';
const NAMES = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
]);

export interface ListOptions {
  min?: number;
  max: number;
  /** Whether no value may come twice. */
  isUnique?: boolean;
}

interface Holder {
  value: unknown;
}

/** A class with one field, so that a decorator of fields holds for values of a list. */
export function holderOf(item: PropertyDecorator): Class<Holder> {
  class Item {
    value!: unknown;
  }
  item(Item.prototype, 'value');
  return Item;
}

export function schemaOf(item: Class<Holder>): { items: object; example?: unknown } {
  const declared = Reflect.getMetadata(PROPERTY, item.prototype as object, 'value') as Record<string, unknown>;
  const { type, required: _, isArray: _isArray, example, ...rest } = declared;
  // Decorators of texts leave the type to that of the property.
  return { items: { type: NAMES.get(type) ?? type ?? 'string', ...rest }, example };
}

export function convert(Item: Class<Holder>, value: unknown): unknown {
  return plainToInstance(Item, { value }).value;
}

export function isShortList(value: unknown, max: number): value is unknown[] {
  return Array.isArray(value) && value.length <= max;
}

/** What is wrong with a list, to be read after its name. */
export function problemOf(
  list: unknown,
  { Item, min, max, isUnique }: Required<ListOptions> & { Item: Class<Holder> },
): string | undefined {
  if (!isShortList(list, max) || list.length < min) return ` must be a list of ${min} to ${max} values`;
  if (isUnique && new Set(list.map(String)).size < list.length) return ' must not have a value twice';
  for (const [index, value] of list.entries()) {
    const [problem] = validateSync(Object.assign(new Item(), { value }));
    if (problem) return `.${index}${Object.values(problem.constraints ?? {})[0]!.replace(/^value/, '')}`;
  }
  return undefined;
}
