/** Whether schemas still take what they took (`in`), or answer nothing that they did not (`out`). */
import { broken, pairs } from './places.mjs';

/**
 * @param {{ way: 'in' | 'out', root: string, path?: string, open?: object[][] }} place
 * @returns {string[]} what is said of it
 */
export function compareSchemas(was, is, place) {
  const { open = [], way } = place;
  // A schema that holds itself.
  if (open.some(([one, other]) => one === was && other === is)) return [];
  const compare = (one, other) => compareVariants(one, other, { ...place, open: [...open, [was, is]] });
  const [olds, news] = [variantsOf(was), variantsOf(is)];
  const isKnown = (variant) => kindOf(variant) === undefined || olds.some((one) => kindOf(one) === kindOf(variant));
  // Each variant needs one on the other side. If there is none, the nearest one tells what is wrong.
  return way === 'in'
    ? olds.flatMap((one, index) => shortest(from(index, news).map((other) => compare(one, other))))
    : news.flatMap((other, index) =>
        isKnown(other) ? shortest(from(index, olds).map((one) => compare(one, other))) : [],
      );
}

/** Of two that are as near, the one in the same place. */
const from = (index, list) => [...list.slice(index), ...list.slice(0, index)];

const shortest = (lists) => lists.reduce((best, list) => (list.length < best.length ? list : best));

function compareVariants(was, is, place) {
  const said = broken('schema', was, is, place.way, labelOf(place));
  return was.type === is.type ? [...said, ...compareFields(was, is, place), ...compareItems(was, is, place)] : said;
}

function compareFields(was, is, place) {
  return pairs(fieldsOf(was), fieldsOf(is)).flatMap(([name, one, other]) => {
    const field = { ...place, path: place.path ? `${place.path}.${name}` : name };
    const said = broken('field', one, other, place.way, labelOf(field));
    return one && other ? [...said, ...compareSchemas(one.schema, other.schema, field)] : said;
  });
}

function fieldsOf({ properties = {}, required = [] }) {
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.map(([name, schema]) => [name, { schema, required: required.includes(name) }]));
}

function compareItems(was, is, place) {
  const marks = Object.entries({ items: '[]', additionalProperties: '{}' });
  return marks.flatMap(([key, mark]) =>
    typeof was[key] === 'object' && typeof is[key] === 'object'
      ? compareSchemas(was[key], is[key], { ...place, path: `${place.path ?? ''}${mark}` })
      : [],
  );
}

const labelOf = ({ path, root }) => (path ? `${path} of ${root}` : root);

/** The schemas of which a value has one, each of one type. */
function variantsOf(schema) {
  const { oneOf, anyOf = oneOf, const: only, enum: values, type, ...rest } = merged(schema);
  if (anyOf) return anyOf.flatMap((one) => variantsOf({ allOf: [rest, one] }));
  const among = only === undefined ? values : [only];
  return [type].flat().map((one) => ({ ...rest, type: one, enum: among }));
}

/** Its value of a discriminator. Answers of a new kind are for clients that know it. */
const kindOf = ({ discriminator, properties }) => discriminator && properties[discriminator.propertyName]?.enum?.join();

/** Without `allOf`. */
function merged({ allOf = [], ...own }) {
  const parts = [...allOf.map(merged), own];
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required = [] }) => required),
  };
}
