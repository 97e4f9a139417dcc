import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { NEWEST_FIRST, type Order } from '../../database/crud/list-order.js';
import { Optional } from '../validation/fields.js';

export function SortedBy(columns: readonly string[]): PropertyDecorator {
  const orders = columns.flatMap((column) => [column, `-${column}`]);
  const description = 'With `-`, the largest come first. By default `-id`, or the column that is compared, with `-`';
  return applyDecorators(
    ApiProperty({ type: 'string', enum: orders, required: false, description }),
    Optional(),
    IsIn(orders, { message: `sort must be one of ${orders.join(', ')}` }),
  );
}

/** Rows that are compared come in the order that the comparison reads them in. */
export function defaultOrder(compared: string | undefined): Order {
  return compared === undefined ? NEWEST_FIRST : { column: compared, isDescending: true };
}

export function orderOf(sort: string): Order {
  return sort.startsWith('-') ? { column: sort.slice(1), isDescending: true } : { column: sort, isDescending: false };
}

export const nameOf = ({ column, isDescending }: Order) => (isDescending ? `-${column}` : column);
