/** How large the values can be of a domain that is there. */
import { MARKS } from '../routes.mjs';
import { BYTES, CHARACTER_BYTES, decimalBytes } from '../types.mjs';
import { callOf, decoratorsOf, propertyOf } from '../existing/syntax.mjs';

const number = (node) => Number(node?.getText().replaceAll('_', '')) || 0;
const characters = (_, longest) => number(longest) * CHARACTER_BYTES;

// By decorator, from its arguments.
const SIZES = {
  Text: characters,
  Label: characters,
  Email: () => BYTES.email,
  WebAddress: () => BYTES.url,
  Integer: () => BYTES.integer,
  Decimal: (precision) => decimalBytes(number(precision)),
  Bool: () => BYTES.boolean,
  Day: () => BYTES.day,
  Instant: () => BYTES.instant,
  Uuid: () => BYTES.uuid,
  JsonObject: () => BYTES.json,
};

/**
 * The bytes that JSON takes at most for the fields of a body, as far as their decorators are known.
 * @param {import('../existing/syntax.mjs').Source} dto
 * @param {import('../existing/syntax.mjs').Source} entity has the values of enums
 */
export function bytesIn(dto, entity, { Entity }) {
  const sizes = dto.class(`${Entity}Create`).members.map((member) => {
    const values = decoratorsOf(member).map((one) => sizeOf(one, entity));
    return Math.max(...values, 0) + member.name.getText().length + MARKS;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

function sizeOf({ name, args }, entity) {
  if (name === 'ListOf') return sizeOf(callOf(args[0]), entity) * number(propertyOf(args[1], 'max'));
  if (name === 'Enum') return longestOf(entity.variable(args[0].getText())?.value);
  return Object.hasOwn(SIZES, name) ? SIZES[name](...args) : 0;
}

const longestOf = (values) =>
  Math.max(0, ...[...(values?.getText().matchAll(/'([^']*)'/g) ?? [])].map(([, { length }]) => length));
