import type { QueryValue } from './query-value.js';

const LARGEST: Record<string, number> = { smallint: 2 ** 15 - 1, int: 2 ** 31 - 1, integer: 2 ** 31 - 1 };

/** An integer of such a type. */
export function whole(type: string): QueryValue {
  const max = LARGEST[type] ?? Number.MAX_SAFE_INTEGER;
  return {
    expects: `a whole number from ${-max} to ${max}`,
    schema: { type: 'integer', minimum: -max, maximum: max },
    isOrdered: true,
    parse: (value) => {
      const number = /^-?\d{1,16}$/.test(value) ? Number(value) + 0 : Number.NaN;
      return Math.abs(number) <= max ? number : undefined;
    },
  };
}

/** An exact number of any size, without zeros that change nothing. */
export const decimal: QueryValue = {
  expects: 'a decimal number, such as 12.50',
  schema: { type: 'string', pattern: '^-?\\d{1,30}(\\.\\d{1,30})?$' },
  isOrdered: true,
  parse: (value) => {
    const [, sign, units, rest = ''] = /^(-?)0*(\d{1,30}?)(?:\.(\d{1,30}?)0*)?$/.exec(value) ?? [];
    if (units === undefined) return undefined;
    const digits = rest === '' || /^0+$/.test(rest) ? units : `${units}.${rest}`;
    return digits === '0' ? digits : sign + digits;
  },
};

export const fraction: QueryValue = {
  expects: 'a number',
  schema: { type: 'number' },
  isOrdered: true,
  parse: (value) => {
    const number = /^-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?$/i.test(value) ? Number(value) + 0 : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  },
};
