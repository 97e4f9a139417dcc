/** `npm run openapi:breaking`: each of its rules, what breaks nobody, and the command itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/pages.js';

type Node = Record<string, unknown>;
interface Breakage {
  what: string;
  operations: string[];
}

const JSON_TYPE = 'application/json';
const PROBLEM = 'application/problem+json';
const ref = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });
const eventOf = (name: string) => ({ type: 'object', properties: { name: { type: 'string', enum: [name] } } });
const text = { type: 'string' };

const SCHEMAS = {
  Pet: {
    type: 'object',
    required: ['id', 'kind'],
    properties: {
      id: { type: 'integer' },
      kind: { type: 'string', enum: ['cat', 'dog'] },
      born_at: { type: 'string', format: 'date-time' },
      friends: { type: 'array', items: ref('Pet').schema },
      owner: { oneOf: [text, { type: 'null' }] },
      weights: { type: 'object', additionalProperties: { type: 'integer' } },
    },
  },
  NewPet: {
    type: 'object',
    required: ['kind'],
    properties: {
      kind: { type: 'string', enum: ['cat', 'dog'] },
      name: { type: ['string', 'null'], maxLength: 20, minLength: 1 },
      legs: { type: 'number', minimum: 0 },
      tags: { type: 'array', items: text, maxItems: 5 },
    },
  },
  Event: { oneOf: [ref('Fed').schema, ref('Washed').schema], discriminator: { propertyName: 'name' } },
  Fed: eventOf('fed'),
  Washed: eventOf('washed'),
};
const PUT = {
  operationId: 'putPet',
  security: [],
  parameters: [
    { name: 'pet_id', in: 'path', required: true, schema: { type: 'integer' } },
    { name: 'sort', in: 'query', schema: { type: 'string', enum: ['id', '-id'] } },
  ],
  requestBody: { required: false, content: { [JSON_TYPE]: ref('NewPet'), 'text/plain': { schema: text } } },
  responses: {
    200: { headers: { Location: {} }, content: { [JSON_TYPE]: ref('Pet') } },
    409: { content: { [PROBLEM]: { schema: {}, examples: { pet_taken: {}, pet_asleep: {} } } } },
  },
};
const GET = { operationId: 'getEvent', responses: { 200: { content: { [JSON_TYPE]: ref('Event') } } } };
const POST = { operationId: 'addEvent', requestBody: { content: { [JSON_TYPE]: ref('Event') } }, responses: {} };
const DELETE = { operationId: 'deletePet', responses: { 200: { content: { [JSON_TYPE]: ref('Pet') } } } };
const EVENTS = {
  petFed: { post: { requestBody: { content: { [JSON_TYPE]: { schema: text } } } } },
  petBorn: {
    post: { requestBody: { content: { [JSON_TYPE]: { schema: { type: 'object', properties: { at: text } } } } } },
  },
};
const METHODS = { put: PUT, get: GET, post: POST, delete: DELETE };
const ORIGINAL = JSON.stringify({ schemas: SCHEMAS, methods: METHODS, events: EVENTS });

/** The document with another value at a place, which begins with a name of SCHEMAS, a method or `webhooks`; undefined takes it out. */
function documentWith(place = '', value?: unknown): object {
  const { schemas, methods, events } = JSON.parse(ORIGINAL) as Record<string, Node>;
  const path = place.split(' ');
  const last = path.pop()!;
  const all: Node = { ...schemas, ...methods, webhooks: events };
  const at =
    path.length > 0 ? path.reduce((node, name) => node[name] as Node, all) : place in METHODS ? methods! : schemas!;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return { info: { version: '1.4.0' }, paths: { '/pets': methods }, webhooks: events, components: { schemas } };
}

let breakages: (old: object, next: object) => Breakage[];
let rules: Record<string, object>;
beforeAll(async () => {
  const load = (name: string) => import(join(ROOT, `scripts/openapi-breaking/${name}.mjs`));
  ({ breakages } = (await load('compare')) as { breakages: typeof breakages });
  ({ RULES: rules } = (await load('rules')) as { RULES: typeof rules });
});

// The rule, the place, what is there now, and what is said.
const BROKEN: [string, string, unknown, string][] = [
  ['operation.removed', 'put', undefined, 'The operation is gone'],
  ['operation.renamed', 'put operationId', 'savePet', 'The operation has the name savePet now, and had putPet'],
  ['operation.closed', 'put security', [{ bearer: [] }], 'The operation asks for sign-in now'],
  ['event.removed', 'webhooks petFed', undefined, 'The event is gone'],
  [
    'field.removed',
    'webhooks petBorn post requestBody content application/json schema properties at',
    undefined,
    'at of the message is gone',
  ],
  ['parameter.removed', 'put parameters', PUT.parameters.slice(0, 1), 'query parameter sort is gone'],
  [
    'parameter.added',
    'put parameters 2',
    { name: 'a', in: 'query', required: true, schema: {} },
    'query parameter a is new and required',
  ],
  ['parameter.required', 'put parameters 1 required', true, 'query parameter sort is required now'],
  [
    'parameter.written',
    'put parameters 1 explode',
    false,
    'query parameter sort is written as form now, and had form, exploded',
  ],
  ['body.removed', 'put requestBody', undefined, 'The body is gone'],
  ['body.added', 'get requestBody', { required: true }, 'The body is new and required'],
  ['body.required', 'put requestBody required', true, 'The body is required now'],
  ['media.removed', 'put requestBody content text/plain', undefined, 'text/plain of the body is gone'],
  ['media.removed', 'get responses 200 content application/json', undefined, 'application/json of the 200 is gone'],
  ['success.removed', 'put responses 200', undefined, 'Status 200 is gone'],
  ['success.added', 'put responses 201', {}, 'Status 201 is new'],
  ['failure.removed', 'put responses 409', undefined, 'Status 409 is gone'],
  [
    'code.removed',
    'put responses 409 content application/problem+json examples pet_taken',
    undefined,
    'Code pet_taken of the 409 is gone',
  ],
  ['header.removed', 'put responses 200 headers Location', undefined, 'Location of the 200 is gone'],
  ['field.removed', 'Pet properties kind', undefined, 'kind of the 200 is gone'],
  ['field.removed', 'NewPet properties legs', undefined, 'legs of the body is gone'],
  [
    'field.added',
    'NewPet',
    { ...SCHEMAS.NewPet, required: ['kind', 'age'], properties: { ...SCHEMAS.NewPet.properties, age: {} } },
    'age of the body is new and required',
  ],
  ['field.required', 'NewPet required', ['kind', 'legs'], 'legs of the body is required now'],
  ['field.optional', 'Pet required', ['id'], 'kind of the 200 can be missing now'],
  ['schema.typed', 'Pet properties id type', 'string', 'id of the 200 can be string now'],
  ['schema.typed', 'Pet properties id type', ['integer', 'null'], 'id of the 200 can be null now'],
  [
    'schema.typed',
    'Pet properties id',
    { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    'id of the 200 can be null now',
  ],
  [
    'schema.typed',
    'Pet properties weights additionalProperties type',
    'number',
    'weights{} of the 200 can be number now',
  ],
  ['schema.typed', 'NewPet properties legs type', 'integer', 'legs of the body can no longer be number'],
  ['schema.typed', 'NewPet properties name type', 'string', 'name of the body can no longer be null'],
  ['schema.typed', 'NewPet properties tags items type', 'integer', 'tags[] of the body can no longer be string'],
  ['schema.enumerated', 'NewPet properties kind enum', ['cat'], 'kind of the body can no longer be dog'],
  ['schema.enumerated', 'NewPet properties legs enum', [4], 'legs of the body can no longer be anything but 4'],
  [
    'schema.enumerated',
    'NewPet properties kind',
    { type: 'string', const: 'cat' },
    'kind of the body can no longer be dog',
  ],
  ['schema.enumerated', 'put parameters 1 schema enum', ['id'], 'query parameter sort can no longer be -id'],
  ['schema.enumerated', 'Pet properties kind enum', ['cat', 'dog', 'cow'], 'kind of the 200 can now be cow'],
  ['schema.enumerated', 'Pet properties kind enum', undefined, 'kind of the 200 can now be anything but cat, dog'],
  ['schema.enumerated', 'Event oneOf', [ref('Fed').schema], 'name of the body can no longer be washed'],
  ['schema.enumerated', 'Fed properties name', text, 'name of the 200 can now be anything but fed'],
  [
    'schema.formatted',
    'Pet properties born_at format',
    'date',
    'born_at of the 200 has the format date now, and had date-time',
  ],
  [
    'schema.formatted',
    'NewPet properties kind format',
    'uri',
    'kind of the body has the format uri now, and had (none)',
  ],
  [
    'schema.patterned',
    'NewPet properties kind pattern',
    '^c',
    'kind of the body has the pattern ^c now, and had (none)',
  ],
  ['schema.bounded', 'NewPet properties name maxLength', 19, 'name of the body has the maxLength 19 now, and had 20'],
  ['schema.bounded', 'NewPet properties kind minLength', 3, 'kind of the body has the minLength 3 now, and had 0'],
  ['schema.bounded', 'NewPet properties legs minimum', 1, 'legs of the body has the minimum 1 now, and had 0'],
  ['schema.closed', 'NewPet additionalProperties', false, 'the body takes no other fields now'],
];

test.each(BROKEN)('%s: %s', (_, place, value, said) => {
  const found = breakages(documentWith(), documentWith(place, value));
  expect(found.map(({ what }) => what)).toEqual([said]);
});

test('each rule has a case', () => {
  const known = Object.entries(rules).flatMap(([kind, named]) => Object.keys(named).map((name) => `${kind}.${name}`));
  expect([...new Set(BROKEN.map(([rule]) => rule))].toSorted()).toEqual(known.toSorted());
});

test.each<[string, string, unknown]>([
  ['nothing', 'put summary', 'Another text'],
  ['a new operation', 'patch', PUT],
  ['a new event', 'webhooks petLost', EVENTS.petBorn],
  ['a new optional parameter', 'put parameters 2', { name: 'a', in: 'query', schema: text }],
  ['a style that was meant', 'put parameters 1 style', 'form'],
  ['a new optional body', 'get requestBody', { content: {} }],
  ['a media type', 'put requestBody content text/csv', {}],
  ['a new failure', 'put responses 404', {}],
  ['a new code', 'put responses 409 content application/problem+json examples pet_gone', {}],
  ['a new optional field of a body', 'NewPet properties age', { type: 'integer' }],
  ['a new field of an answer', 'Pet properties age', { type: 'integer' }],
  ['a field of a body that need not be there', 'NewPet required', []],
  ['a field of an answer that is always there', 'Pet required', ['id', 'kind', 'owner']],
  ['a wider type of a body', 'put parameters 0 schema type', 'number'],
  ['null in a body', 'NewPet properties legs type', ['number', 'null']],
  ['no null in an answer', 'Pet properties owner', text],
  ['a nullable that is written another way', 'Pet properties owner', { type: ['string', 'null'] }],
  ['another value of a body', 'NewPet properties kind enum', ['cat', 'dog', 'cow']],
  ['one value less in an answer', 'Pet properties kind enum', ['cat']],
  ['a wider bound of a body', 'NewPet properties name maxLength', 30],
  ['a bound that goes', 'NewPet properties name minLength', undefined],
  ['a bound of an answer', 'Pet properties born_at maxLength', 30],
  ['a pattern of an answer', 'Pet properties kind pattern', 'c'],
  ['a format that goes from a body', 'NewPet properties name format', undefined],
  ['another kind of a union', 'Event oneOf', [...SCHEMAS.Event.oneOf, { allOf: [eventOf('walked')] }]],
])('%s breaks nobody', (_, place, value) => {
  expect(breakages(documentWith(), documentWith(place, value))).toEqual([]);
});

test('what breaks several operations is said once', () => {
  const next = documentWith('Pet properties id');
  expect(breakages(documentWith(), next)).toEqual([
    { what: 'id of the 200 is gone', operations: ['PUT /pets', 'DELETE /pets'] },
  ]);
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-breaking-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: folder });
  const write = (file: string, document: object) => writeFileSync(join(folder, file), JSON.stringify(document));

  function compared(...args: string[]) {
    const script = join(ROOT, 'scripts/openapi-breaking.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  }

  beforeAll(() => {
    git('init', '--quiet');
    write('openapi.json', documentWith());
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('has nothing to compare with before the first release', () => {
    expect(compared()).toEqual({ status: 0, output: expect.stringContaining('No tag has an openapi.json') });
  });

  test('is red when a field is removed, and names it', () => {
    git('add', '.');
    git('commit', '--quiet', '--message', 'State');
    git('tag', 'v1');
    git('commit', '--quiet', '--allow-empty', '--message', 'State');
    expect(compared()).toEqual({ status: 0, output: 'Nothing breaks clients of v1\n' });
    write('openapi.json', documentWith('Pet properties kind'));
    const said = 'kind of the 200 is gone\n    PUT /pets\n    DELETE /pets\nThis breaks clients of v1';
    expect(compared()).toEqual({ status: 1, output: expect.stringContaining(said) });
  });

  test('takes another document than that of the last release', () => {
    write('old.json', documentWith('Pet properties kind'));
    expect(compared('old.json')).toMatchObject({ status: 0 });
  });

  test.each([
    ['1.4.0', '1.5.0', 1],
    ['1.4.0', '2.0.0', 0],
    ['0.4.0', '0.4.1', 1],
    ['0.4.0', '0.5.0', 0],
    ['0.4.0', '1.0.0', 0],
    ['v1', 'v2', 0],
    ['1.4.0', '1.4.0-next', 1],
  ])('with %s and then %s ends with %d', (old, next, status) => {
    write('old.json', { ...documentWith(), info: { version: old } });
    write('openapi.json', { ...documentWith('put'), info: { version: next } });
    expect(compared('old.json')).toMatchObject({ status });
  });
});
