/**
 * What breaks clients, by kind of place in the document. A rule is given a place as it was and as it is, and `in` for what
 * clients send or `out` for what they get. It answers what is said of it, or something false. A place that has come or gone
 * is undefined on that side.
 */
const NEEDS = {
  removed: (was, is) => was && !is && 'is gone',
  added: (was, is, way) => way === 'in' && !was && is.required && 'is new and required',
  required: (was, is, way) => way === 'in' && was && is?.required && !was.required && 'is required now',
};
const { removed } = NEEDS;

export const RULES = {
  operation: {
    removed,
    renamed: (was, is) => was && is && changed('has the name', was.operationId, is.operationId),
    closed: (was, is) => was && is && isPublic(was) && !isPublic(is) && 'asks for sign-in now',
  },
  event: { removed },
  parameter: { ...NEEDS, written: (was, is) => was && is && changed('is written as', styleOf(was), styleOf(is)) },
  body: NEEDS,
  media: { removed },
  success: { removed, added: (was) => !was && 'is new' },
  failure: { removed },
  code: { removed },
  header: { removed },
  field: {
    ...NEEDS,
    optional: (was, is, way) => way === 'out' && was?.required && is && !is.required && 'can be missing now',
  },
  /** One type each. */
  schema: {
    typed: ({ type: was }, { type: is }, way) =>
      way === 'in'
        ? !takes(is, was) && `can no longer be ${was ?? 'anything'}`
        : !takes(was, is) && `can be ${is ?? 'anything'} now`,
    enumerated: ({ enum: was }, { enum: is }, way) =>
      way === 'in' ? beyond(was, is, 'can no longer be') : beyond(is, was, 'can now be'),
    formatted: (was, is, way) => (way === 'in' ? is : was).format && changed('has the format', was.format, is.format),
    patterned: (was, is, way) => way === 'in' && is.pattern && changed('has the pattern', was.pattern, is.pattern),
    bounded: (was, is, way) => way === 'in' && BOUNDS.map((bound) => tighter(bound, was, is)).find(Boolean),
    closed: (was, is, way) =>
      way === 'in' &&
      is.additionalProperties === false &&
      was.additionalProperties !== false &&
      'takes no other fields now',
  },
};

/** Each with what holds without it, and whether a tighter one is larger. */
const BOUNDS = [
  ['minimum', -Infinity, true],
  ['maximum', Infinity, false],
  ['exclusiveMinimum', -Infinity, true],
  ['exclusiveMaximum', Infinity, false],
  ['minLength', 0, true],
  ['maxLength', Infinity, false],
  ['minItems', 0, true],
  ['maxItems', Infinity, false],
];

function tighter([name, without, isLarger], { [name]: was = without }, { [name]: is = without }) {
  return (isLarger ? is > was : is < was) && changed(`has the ${name}`, was, is);
}

const changed = (has, was, is) => was !== is && `${has} ${is ?? '(none)'} now, and had ${was ?? '(none)'}`;

const isPublic = ({ security = [] }) => security.length === 0;

/** How lists stand in a query or a path; said or not, that is the same. */
function styleOf({ in: place, style = place === 'query' ? 'form' : 'simple', explode = style === 'form' }) {
  return explode ? `${style}, exploded` : style;
}

const takes = (type, other) => type === undefined || type === other || (type === 'number' && other === 'integer');

/** The values that others do not have. */
function beyond(values, others, verb) {
  if (!others) return undefined;
  if (!values) return `${verb} anything but ${others.join(', ')}`;
  const rest = values.filter((value) => !others.includes(value));
  return rest.length > 0 && `${verb} ${rest.join(', ')}`;
}
