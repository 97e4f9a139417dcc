/** Fields that are lists of values. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { convert, holderOf, isShortList, type ListOptions, problemOf, schemaOf } from './list-items.js';

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
