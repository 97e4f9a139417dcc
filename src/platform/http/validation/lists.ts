/** Fields that are lists of values. */
import { applyDecorators, type Type as Class } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { plainToInstance, Transform } from 'class-transformer';
import { ValidateBy, validateSync } from 'class-validator';

// Where @nestjs/swagger keeps what @ApiProperty declared.
const PROPERTY = 'swagger/apiModelProperties';
const NAMES = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
]);

interface ListOptions {
  min?: number;
  max: number;
  /** Whether no value may come twice. */
  isUnique?: boolean;
}

/**
 * A list of values, for a column that is an array: `@ListOf(Text(1, 30), { max: 10 })`.
 * @param item the decorator that a field of one value has; its example, if any, is that of the value
 */
export function ListOf(
  item: PropertyDecorator,
  { min = 0, max, isUnique = false, ...options }: ListOptions & ApiPropertyOptions,
): PropertyDecorator {
  const Item = holderOf(item);
  const { items, example } = schemaOf(Item);
  const examples = example === undefined ? {} : { example: [example] };
  return applyDecorators(
    ApiProperty({ type: 'array', items, minItems: min, maxItems: max, uniqueItems: isUnique, ...examples, ...options }),
    Transform(({ value }: { value: unknown }) =>
      isShortList(value, max) ? value.map((one) => convert(Item, one)) : value,
    ),
    ValidateBy({
      name: 'list',
      validator: {
        validate: (value) => problemOf(value, { Item, min, max, isUnique }) === undefined,
        defaultMessage: (field) =>
          `${field?.property}${problemOf(field?.value, { Item, min, max, isUnique }) ?? ' is invalid'}`,
      },
    }),
  );
}

interface Holder {
  value: unknown;
}

/** A class with one field, so that a decorator of fields holds for values of a list. */
function holderOf(item: PropertyDecorator): Class<Holder> {
  class Item {
    value!: unknown;
  }
  item(Item.prototype, 'value');
  return Item;
}

function schemaOf(item: Class<Holder>): { items: object; example?: unknown } {
  const declared = Reflect.getMetadata(PROPERTY, item.prototype as object, 'value') as Record<string, unknown>;
  const { type, required: _, isArray: _isArray, example, ...rest } = declared;
  return { items: { type: NAMES.get(type) ?? type, ...rest }, example };
}

function convert(Item: Class<Holder>, value: unknown): unknown {
  return plainToInstance(Item, { value }).value;
}

function isShortList(value: unknown, max: number): value is unknown[] {
  return Array.isArray(value) && value.length <= max;
}

/** What is wrong with a list, to be read after its name. */
function problemOf(
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
