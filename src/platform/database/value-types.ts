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
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;

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

/** The same, but instants as the texts that a response has: a `Date` in between costs more than all else of a row. */
export const responseTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === builtins.TIMESTAMPTZ ? instantText : types.getTypeParser(oid, format)),
};

/** An instant in RFC 3339 with milliseconds, as `Date` writes it, out of PostgreSQL's text in UTC. */
export function instantText(text: string): string {
  // Years of five digits, those before Christ, and infinity.
  if (!INSTANT.test(text)) return farInstant(text);
  const fraction = text.length > 22 ? text.slice(20, -3) : '';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}

function farInstant(text: string): string {
  const instant: unknown = parserOf(builtins.TIMESTAMPTZ)(text);
  return instant instanceof Date ? instant.toISOString() : String(instant);
}
