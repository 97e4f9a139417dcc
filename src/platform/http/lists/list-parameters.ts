/** The parameters of a list: each documents, validates and converts what a query string has of it. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import type { ColumnOptions } from 'typeorm';
import type { Operator } from '../../database/crud/filter.js';
import { Optional } from '../validation/fields.js';
import { MustBe } from '../validation/rules.js';
import type { QueryValue } from './query-value.js';
import { queryValueOf, truth } from './query-values.js';

const MAX_LISTED = 20;
const COMPARED = { gt: 'Larger than this', gte: 'At least this', lt: 'Less than this', lte: 'At most this' } as const;
// A parameter has these in OpenAPI, and a property has not.
const BY_COMMAS = { style: 'form', explode: false } as object;

/** A filter by one column. */
export interface Parameter {
  /** In the query string. */
  name: string;
  column: string;
  operator: Operator | 'in' | 'null';
  takes: Pick<QueryValue, 'expects'> & { parse(text: string): unknown };
  docs: ApiPropertyOptions;
}

/** Whether an index has the rows that an operator finds one after the other, in its order. */
export const isCompared = (operator: string) => operator in COMPARED || operator === 'null';

export function parametersOf(column: string, options: ColumnOptions): Parameter[] {
  const value = queryValueOf(column, options);
  const named = (operator: Parameter['operator'], takes: QueryValue, description: string, name = column): Parameter => {
    return { name, column, operator, takes, docs: { ...takes.schema, description } };
  };
  const inList = { ...listed(column, value), operator: options.array ? 'overlaps' : 'in' } as const;
  const equal = options.array
    ? named('contains', value, 'Those that have this')
    : named('is', value, 'Those with this');
  const all: Parameter[] = value === truth ? [equal] : [equal, inList];
  if (value.isOrdered && !options.array) {
    for (const [operator, description] of Object.entries(COMPARED)) {
      all.push(named(operator as 'gt', value, description, `${column}[${operator}]`));
    }
  }
  return options.nullable ? [...all, named('null', truth, 'Whether there is none', `${column}[null]`)] : all;
}

function listed(column: string, value: QueryValue): Omit<Parameter, 'operator'> {
  return {
    name: `${column}[in]`,
    column,
    takes: {
      expects: `at most ${MAX_LISTED} values, separated by commas, each ${value.expects}`,
      parse: (text) => {
        const values = text.split(',', MAX_LISTED + 1).map((one) => value.parse(one));
        if (values.length > MAX_LISTED || values.includes(undefined)) return undefined;
        return [...new Set(values)].toSorted((a, b) => (a! < b! ? -1 : 1));
      },
    },
    docs: {
      ...BY_COMMAS,
      type: 'array',
      items: value.schema as { type: 'string' },
      minItems: 1,
      maxItems: MAX_LISTED,
      description: 'Those with one of these, separated by commas',
    },
  };
}

/** A parameter that is given once or not at all. */
export function FilteredBy({ takes, docs }: Parameter): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ ...docs, required: false } as ApiPropertyOptions),
    Optional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? takes.parse(value) : undefined) ?? null),
    MustBe(takes.expects, (value) => value !== null),
  );
}
