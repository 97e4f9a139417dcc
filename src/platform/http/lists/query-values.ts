/** How the value of a column is written in a query string, by the type of the column. */
import type { ColumnOptions } from 'typeorm';
import { decimal, fraction, whole } from './query-numbers.js';
import { day, instant } from './query-times.js';
import type { QueryValue } from './query-value.js';

const LONGEST_TEXT = 1_000;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Throws for a column of any other type. */
export function queryValueOf(name: string, { type, length, enum: values }: ColumnOptions): QueryValue {
  if (values) return oneOf(Object.values(values as object).map(String));
  switch (type) {
    case 'varchar':
    case 'text':
      return text(Number(length ?? LONGEST_TEXT));
    case 'smallint':
    case 'int':
    case 'integer':
    case 'bigint':
      return whole(type);
    case 'numeric':
    case 'decimal':
      return decimal;
    case 'real':
    case 'double precision':
      return fraction;
    case 'boolean':
      return truth;
    case 'date':
      return day;
    case 'timestamptz':
      return instant;
    case 'uuid':
      return uuid;
    default:
      throw new Error(`Lists cannot be filtered or sorted by ${name}: it is of type ${String(type)}`);
  }
}

export const truth: QueryValue = {
  expects: 'true or false',
  schema: { type: 'boolean' },
  isOrdered: false,
  parse: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
};

function text(max: number): QueryValue {
  return {
    expects: `a text of at most ${max} characters`,
    schema: { type: 'string', maxLength: max },
    isOrdered: false,
    parse: (value) => ([...value].length <= max ? value : undefined),
  };
}

function oneOf(values: string[]): QueryValue {
  return {
    expects: `one of ${values.join(', ')}`,
    schema: { type: 'string', enum: values },
    isOrdered: false,
    parse: (value) => (values.includes(value) ? value : undefined),
  };
}

const uuid: QueryValue = {
  expects: 'a UUID',
  schema: { type: 'string', format: 'uuid' },
  isOrdered: false,
  parse: (value) => (UUID.test(value) ? value.toLowerCase() : undefined),
};
