import pg from 'pg';

const { builtins } = pg.types;
const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => (text: string) => unknown;
// Of pg_type; node-postgres names no arrays.
const TEXT_ARRAY = 1009;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const NUMERIC_ARRAY = 1231;

const texts = parserOf(TEXT_ARRAY) as (text: string) => (string | null)[];
const asItIs = (text: string) => text;

/**
 * How values of PostgreSQL are read where node-postgres would lose something: ids are 64-bit columns, but JSON numbers,
 * which are exact up to 2^53; a day is no instant, and has no time zone; decimals stay exact, also in arrays.
 */
const PARSERS = new Map<number, (text: string) => unknown>([
  [builtins.INT8, Number],
  [INT8_ARRAY, (text) => texts(text).map((one) => (one === null ? null : Number(one)))],
  [builtins.DATE, asItIs],
  [DATE_ARRAY, texts],
  [NUMERIC_ARRAY, texts],
  [builtins.INTERVAL, asItIs],
]);

export const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => PARSERS.get(oid) ?? parserOf(oid, format),
};
