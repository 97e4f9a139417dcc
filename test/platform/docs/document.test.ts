/** What generators of clients need of the document; what they make of it is in test/operations/docs. */
import { type Operation, type Schema } from '../../support/openapi.js';
import { text } from '../../support/pages.js';
import { DOCUMENT, ROUTES } from '../../support/routes.js';

const operations = DOCUMENT.operations();
const bodies = operations.flatMap(({ route, method, requestBody }) =>
  Object.values(requestBody?.content ?? {}).map(({ schema }) => ({ route, method, schema })),
);

/** The failures of a rule among all operations, so that a failing test names them. */
const breaking = (holds: (operation: Operation) => boolean) =>
  operations.filter((operation) => !holds(operation)).map(({ route }) => route);

/** A schema and all that it consists of. */
function* partsOf(given: Schema, seen = new Set<Schema>()): Generator<Schema> {
  const schema = DOCUMENT.resolve(given)!;
  if (seen.has(schema)) return;
  seen.add(schema);
  yield schema;
  const { properties = {}, items, oneOf = [] } = schema;
  for (const part of [...Object.values(properties), ...oneOf, ...(items ? [items] : [])]) yield* partsOf(part, seen);
}

/** Each value of the document, and where it stands. */
function* valuesIn(value: unknown, at = ''): Generator<[at: string, value: unknown]> {
  yield [at, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) yield* valuesIn(one, `${at}/${key}`);
}

test('openapi.json is what the code says: else run `npm run openapi`', () => {
  expect(JSON.parse(text('openapi.json'))).toEqual(DOCUMENT.root);
});

test('it is OpenAPI 3.1 in full: nothing of 3.0, nothing of our own but permissions and proofs, no empty text', () => {
  expect(DOCUMENT.root.openapi).toBe('3.1.0');
  const odd = [...valuesIn(DOCUMENT.root)].filter(
    ([at, value]) => value === '' || /\/(?:nullable|x-(?!permission$|fresh-proof$)[^/]*)$/.test(at),
  );
  expect(odd).toEqual([]);
});

test('an operation has a name that a function can have, and lists are listed', () => {
  const isNamed = ({ operationId }: Operation) => /^[a-z]+([A-Z][a-z]*)*$/.test(operationId);
  const isList = ({ parameters }: Operation) => parameters.some(({ name }) => name === 'items_per_page');
  expect(breaking(isNamed)).toEqual([]);
  expect(breaking((operation) => !isList(operation) || operation.operationId.startsWith('list'))).toEqual([]);
});

test('an operation is open to anyone by an empty list, or asks for a token', () => {
  const open = new Set(ROUTES.filter(({ as }) => as === 'nobody').map(({ operation }) => operation.operationId));
  const isTold = ({ operationId, security = [{}] }: Operation) => {
    const schemes = new Set(security.flatMap((one) => Object.keys(one)));
    return open.has(operationId) ? security.length === 0 : ['login', 'bearer'].every((one) => schemes.has(one));
  };
  expect(breaking(isTold)).toEqual([]);
});

test('an operation that a permission opens names it, and so does its 403 where nothing else opens it', () => {
  const opened = ROUTES.filter(({ operation }) => operation['x-permission']);
  expect(opened.length).toBeGreaterThan(2);
  for (const { as, operation } of opened) {
    const examples = operation.responses[403]?.content!['application/problem+json']!.examples ?? {};
    const { detail } = (examples.permission_required?.value ?? {}) as { detail?: string };
    const named = as === 'superuser' ? `You need the permission ${operation['x-permission']} to do this.` : undefined;
    expect([operation.operationId, detail]).toEqual([operation.operationId, named]);
  }
});

test('no header is required', () => {
  const isOptional = ({ parameters }: Operation) => parameters.every((one) => one.in !== 'header' || !one.required);
  expect(breaking(isOptional)).toEqual([]);
});

test('an id in a path is one that a row can have', () => {
  const ids = operations.flatMap(({ parameters }) =>
    parameters.filter((one) => one.in === 'path' && one.name.endsWith('_id')),
  );
  expect(ids.length).toBeGreaterThan(3);
  for (const { schema } of ids) expect(schema).toEqual({ type: 'integer', minimum: 1, maximum: 2 ** 53 - 1 });
});

test('a number in a query has both bounds, and a text what it may consist of', () => {
  const parameters = operations.flatMap(({ parameters: all }) => all.filter((one) => one.in === 'query'));
  const isBounded = ({ type, minimum, maximum }: Schema) =>
    type !== 'integer' || (minimum !== undefined && maximum !== undefined);
  expect(parameters.filter(({ schema }) => !isBounded(schema))).toEqual([]);
  const cursors = parameters.filter(({ name }) => name === 'after');
  expect(cursors.filter(({ schema }) => !schema.pattern)).toEqual([]);
  const { name, username, profile_image_url: url } = DOCUMENT.root.components.schemas.UserCreate!.properties!;
  for (const { pattern } of [name!, username!, url!]) expect(pattern).toEqual(expect.any(String));
});

test('a body says that it takes no other fields', () => {
  expect(bodies.length).toBeGreaterThan(5);
  const isClosed = ({ properties, additionalProperties }: Schema) => !properties || additionalProperties === false;
  expect(bodies.filter(({ schema }) => ![...partsOf(schema)].every(isClosed))).toEqual([]);
});

test('what a PATCH leaves out is not given a value by clients', () => {
  const changes = bodies.filter(({ method }) => method === 'patch');
  expect(changes.length).toBeGreaterThan(0);
  for (const { route, schema } of changes) {
    const { properties = {} } = DOCUMENT.resolve(schema)!;
    const given = Object.entries(properties).filter(([, property]) => 'default' in property);
    expect({ route, given }).toEqual({ route, given: [] });
  }
});

test('every body of a success has fields, or is a file', () => {
  const isTyped = ({ responses }: Operation) =>
    Object.entries(responses)
      .filter(([status, { content }]) => status.startsWith('2') && content)
      .every(([, { content }]) =>
        Object.values(content!).every(({ schema }) =>
          [...partsOf(schema)].some(({ properties, format }) => properties ?? format === 'binary'),
        ),
      );
  expect(breaking(isTyped)).toEqual([]);
});

test('a page has a number or a cursor, never both', () => {
  const pages = Object.entries(DOCUMENT.root.components.schemas).filter(([name]) => name.endsWith('Page'));
  const fields = pages.flatMap(([name, { properties, required = [] }]) =>
    properties
      ? [{ name, has: ['page', 'next'].filter((field) => field in properties && required.includes(field)) }]
      : [],
  );
  expect(fields.length).toBeGreaterThan(2);
  expect(fields.filter(({ has }) => has.length !== 1)).toEqual([]);
});

test('each task has its payload and its result, told apart by its name', () => {
  const { TaskCreate, TaskRead, SampleTaskCreate, SampleTaskRead } = DOCUMENT.root.components.schemas;
  for (const { discriminator } of [TaskCreate!, TaskRead!]) {
    expect(discriminator!.propertyName).toBe('name');
    expect(Object.keys(discriminator!.mapping)).toEqual(expect.arrayContaining(['sample']));
    // It is neither for clients nor anybody's own.
    expect(Object.keys(discriminator!.mapping)).not.toContain('expired_tasks');
  }
  expect(SampleTaskCreate!.properties).toMatchObject({
    name: { enum: ['sample'] },
    payload: { $ref: '#/components/schemas/SamplePayload' },
  });
  expect(SampleTaskRead!.properties!.result!.type).toEqual(['string', 'null']);
  expect(DOCUMENT.root.components.schemas.SamplePayload).toMatchObject({
    required: ['message'],
    properties: { seconds: { type: 'integer', minimum: 0, maximum: 600, default: 5 } },
  });
});
