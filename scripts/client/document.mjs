/** The document as the client is generated from it: a type for each code of a problem, and `Problem` as their union. */
const MEDIA = 'application/problem+json';
/** Of the client itself: the API was not reached, or what answered was something else. */
const NO_RESPONSE = 'no_response';

/** Which codes an operation may answer is said by the examples of its responses. */
export function withProblems(document) {
  const { Problem, ...schemas } = document.components.schemas;
  const kinds = new Map([[NO_RESPONSE, { status: 0 }]]);
  const paths = mapValues(document.paths, (item) => mapValues(item, (operation) => withCodes(operation, kinds)));
  for (const [code, example] of kinds) schemas[nameOf(code)] = kindOf(Problem, code, example);
  schemas.Problem = unionOf([...kinds.keys()]);
  return { ...document, paths, components: { ...document.components, schemas } };
}

function withCodes(operation, kinds) {
  const responses = mapValues(operation.responses, (response) => {
    const examples = response.content?.[MEDIA]?.examples;
    if (!examples) return response;
    for (const [code, { value }] of Object.entries(examples)) kinds.set(code, value);
    return { ...response, content: { [MEDIA]: { schema: unionOf(Object.keys(examples)) } } };
  });
  const none = { description: 'No answer of the API', content: { [MEDIA]: { schema: unionOf([NO_RESPONSE]) } } };
  return { ...operation, responses: { ...responses, default: none } };
}

/** The paths whose POST takes an `Idempotency-Key`, as regular expressions: an API may be below another path. */
export function keyedPaths({ paths }) {
  const isKeyed = ({ post }) => post?.parameters.some(({ name }) => name === 'Idempotency-Key');
  const keyed = Object.entries(paths).filter(([, item]) => isKeyed(item));
  return keyed.map(([path]) => `/${path.replaceAll('/', '\\/').replace(/\{\w+\}/g, '[^/]+')}$/`);
}

const unionOf = (codes) => (codes.length === 1 ? refTo(codes[0]) : { oneOf: codes.map(refTo) });
const refTo = (code) => ({ $ref: `#/components/schemas/${nameOf(code)}` });
const nameOf = (code) => `${code.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase())}Problem`;

/** As the example is: with its status, and with errors of fields if it has some. */
function kindOf({ properties, required }, code, { status, errors }) {
  const { errors: fields, ...others } = properties;
  return {
    type: 'object',
    properties: { ...others, ...(errors && { errors: fields }), code: { const: code }, status: { const: status } },
    required: [...required, ...(errors ? ['errors'] : [])],
  };
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
