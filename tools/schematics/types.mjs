/** The types of fields: their column, their decorator, and how their value looks in TypeScript, in a response and in a test. */
import pluralize from 'pluralize';
import { Refusal } from './refusal.mjs';

const INT_MAX = 2_147_483_647;
const MAX = Number.MAX_SAFE_INTEGER;
/** How many bytes JSON takes at most for a character, and for a value of a type. */
export const CHARACTER_BYTES = 12;
export const BYTES = {
  email: 254 * CHARACTER_BYTES,
  url: 2048 * CHARACTER_BYTES,
  integer: 20,
  boolean: 5,
  day: 10,
  instant: 40,
  uuid: 36,
  json: 16 * 1024,
};
export const decimalBytes = (precision) => precision + 4;

const range = (text) => text.match(/^(-?\d*)\.\.(-?\d*)$/)?.slice(1);
const number = (text, otherwise) => (text === '' || text === undefined ? otherwise : Number(text));
const grouped = (value) => (Math.abs(value) < 10_000 ? `${value}` : value.toLocaleString('en').replaceAll(',', '_'));
const quote = (text) => `'${text}'`;

/** A range such as `1..80`, taken from the modifiers. */
function takeRange(field, min, max, least, most) {
  const at = field.modifiers.findIndex((one) => range(one));
  const [from, to] = at < 0 ? ['', ''] : range(field.modifiers.splice(at, 1)[0]);
  const bounds = [number(from, min), number(to, max)];
  if (bounds[0] > bounds[1] || bounds[0] < least || bounds[1] > most || !bounds.every(Number.isSafeInteger)) {
    throw new Refusal(`${field.name}: the range goes from ${least} to ${most}, the smaller number first`);
  }
  return bounds;
}

function sampleText(name, min, max) {
  const words = name.replaceAll('_', ' ');
  const text = `${/^[aeiou]/.test(words) ? 'An' : 'A'} ${words}`.slice(0, max).trim();
  return text.padEnd(min, '.');
}

const aText = ({ decorator, length, value, unique }) => ({
  decorator: (options) => `${decorator}(${options})`,
  column: ['varchar', `length: ${length}`],
  array: 'text',
  ts: 'string',
  schema: 'type: String',
  isReflected: true,
  value: quote(value),
  unique: quote(unique),
  bytes: length * CHARACTER_BYTES,
});

/** By type, from a field with `name` and `modifiers`; each takes the modifiers that it knows. */
export const TYPES = {
  text(field) {
    const [min, max] = takeRange(field, 1, 500, 0, 100_000);
    const value = sampleText(field.modifiers.includes('list') ? pluralize.singular(field.name) : field.name, min, max);
    const text = aText({
      decorator: 'Text',
      length: max,
      value,
      unique: `${value.slice(0, Math.max(0, max - 4))}{unique}`,
    });
    if (field.modifiers.includes('unique') && max < 8)
      throw new Refusal(`${field.name}: a unique text takes at least 8 characters`);
    return { ...text, decorator: (options) => `Text(${min}, ${max}, ${options})` };
  },
  email: () => aText({ decorator: 'Email', length: 254, value: 'ada@example.com', unique: 'ada{unique}@example.com' }),
  url: () =>
    aText({
      decorator: 'WebAddress',
      length: 2048,
      value: 'https://example.com/a',
      unique: 'https://example.com/{unique}',
    }),
  integer(field) {
    const [min, max] = takeRange(field, -INT_MAX - 1, INT_MAX, -MAX, MAX);
    const isBig = min < -INT_MAX - 1 || max > INT_MAX;
    const bounds =
      min === -INT_MAX - 1 && max === INT_MAX ? 'undefined, undefined' : `${grouped(min)}, ${grouped(max)}`;
    return {
      decorator: (options) => `Integer(${bounds}, ${options})`,
      column: [isBig ? 'bigint' : 'int'],
      array: isBig ? 'bigint' : 'int',
      ts: 'number',
      schema: `type: 'integer'`,
      value: grouped(Math.min(Math.max(1, min), max)),
      unique: min <= 1_000 && max >= 9_999 ? quote('{unique}') : undefined,
      bytes: BYTES.integer,
    };
  },
  decimal(field) {
    const at = field.modifiers.findIndex((one) => /^\d+\.\d+$/.test(one));
    const [precision, scale] = at < 0 ? [10, 2] : field.modifiers.splice(at, 1)[0].split('.').map(Number);
    if (precision < 1 || precision > 100 || scale > precision) {
      throw new Refusal(`${field.name}: decimal:8.3 is 8 digits in all, 3 of them after the point`);
    }
    const value = (precision > scale ? '1' : '0') + (scale > 0 ? `.${'5'.padEnd(scale, '0')}` : '');
    return {
      decorator: (options) => `Decimal(${precision}, ${scale}, ${options})`,
      column: ['numeric', `precision: ${precision}, scale: ${scale}`],
      ts: 'string',
      schema: `type: String, format: 'decimal'`,
      value: quote(value),
      bytes: decimalBytes(precision),
    };
  },
  boolean: () => ({
    decorator: (options) => `Bool(${options})`,
    column: ['boolean'],
    ts: 'boolean',
    schema: 'type: Boolean',
    isReflected: true,
    value: 'true',
    bytes: BYTES.boolean,
  }),
  enum(field) {
    const at = field.modifiers.findIndex((one) => /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)+$/.test(one));
    const values = at < 0 ? [] : field.modifiers.splice(at, 1)[0].split('/');
    if (values.length < 2 || new Set(values).size < values.length) {
      throw new Refusal(`${field.name}: an enum names its values, each once, as in currency:enum:EUR/USD`);
    }
    const length = Math.max(...values.map((value) => value.length));
    return {
      decorator: (options) => `Enum(${field.values}, ${options})`,
      column: ['varchar', `length: ${length}`],
      array: 'text',
      ts: field.Type,
      schema: `type: String, enum: ${field.values}`,
      value: quote(values[0]),
      bytes: length,
      values,
    };
  },
  day(field) {
    if (!field.name.endsWith('_date')) throw new Refusal(`${field.name}: a day is named so that it ends in _date`);
    return {
      decorator: (options) => `Day(${options})`,
      hasExample: true,
      column: ['date'],
      ts: 'string',
      schema: `type: String, format: 'date'`,
      value: quote('2027-01-31'),
      unique: quote('{unique}-01-31'),
      bytes: BYTES.day,
    };
  },
  instant(field) {
    if (!field.name.endsWith('_at')) throw new Refusal(`${field.name}: an instant is named so that it ends in _at`);
    return {
      decorator: (options) => `Instant(${options})`,
      hasExample: true,
      column: ['timestamptz'],
      ts: 'Date',
      read: 'string',
      schema: 'type: Date',
      value: quote('2027-01-31T09:30:00.000Z'),
      bytes: BYTES.instant,
    };
  },
  uuid: () => ({
    decorator: (options) => `Uuid(${options})`,
    hasExample: true,
    column: ['uuid'],
    array: 'uuid',
    ts: 'string',
    schema: `type: String, format: 'uuid'`,
    value: quote('0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44'),
    unique: quote('{uuid}'),
    bytes: BYTES.uuid,
  }),
  json: () => ({
    decorator: (options) => `JsonObject(${options})`,
    column: ['jsonb'],
    ts: 'object',
    schema: `type: 'object', additionalProperties: true`,
    value: `{ key: 'value' }`,
    bytes: BYTES.json,
  }),
  ref(field, domains) {
    const target = domains[field.modifiers.shift()];
    if (!target)
      throw new Refusal(`${field.name}: a ref names a domain that has facts: ${Object.keys(domains).join(', ')}`);
    return {
      decorator: (options) => `Integer(1, Number.MAX_SAFE_INTEGER, ${options})`,
      column: ['bigint'],
      ts: 'number',
      schema: `type: 'integer'`,
      example: '1',
      value: quote(`{${target.table}_id}`),
      bytes: BYTES.integer,
      target,
    };
  },
};
