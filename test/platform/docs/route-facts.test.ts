/** That every domain tells the suites of its routes, and of no others. */
import type { Operation } from '../../support/openapi.js';
import type { DomainFacts } from '../../support/route-facts.js';
import { DOCUMENT, flawsOf } from '../../support/routes.js';

test('every route of the document has facts, and there are no others', () => {
  expect(flawsOf(DOCUMENT.operations())).toEqual([]);
});

const FILE = 'test/notes/notes.facts.ts';
const operation = (route: string, more: Partial<Operation> = {}): Operation => {
  const [method, path] = route.split(' ') as [string, string];
  const known = { operationId: 'x', parameters: [], responses: {}, tags: ['notes'] };
  return { ...known, method, path: `/api/v1${path}`, route: `${method} /api/v1${path}`, ...more };
};
const body = { required: true, content: {} };
const page = [{ name: 'items_per_page', in: 'query', schema: {} }];
const TOLD = { statements: 1 };

test.each<[string, Operation[], DomainFacts['routes'], string[]]>([
  ['all is told', [operation('GET /notes/{note_id}')], { 'GET /notes/{note_id}': TOLD }, []],
  [
    'a route is new',
    [operation('POST /notes')],
    {},
    [`${FILE} wants a line for 'POST /notes': { statements: …, and what else it needs of RouteFacts }`],
  ],
  [
    'a route of superusers is new',
    [operation('DELETE /admin/notes/{note_id}', { tags: ['admin'] })],
    {},
    [expect.stringContaining(`${FILE} wants a line for 'DELETE /admin/notes/{note_id}'`)],
  ],
  [
    'a route under another without a tag is new',
    [operation('GET /notes/{note_id}/authors', { tags: undefined })],
    {},
    [expect.stringContaining(`${FILE} wants a line`)],
  ],
  [
    'a body is wanted',
    [operation('POST /notes', { requestBody: body })],
    { 'POST /notes': TOLD },
    [`${FILE} wants a \`body\` for 'POST /notes'`],
  ],
  [
    'a list does not say of what',
    [operation('GET /notes', { parameters: page })],
    { 'GET /notes': TOLD },
    [`${FILE} wants \`lists\` for 'GET /notes': the name in \`rows\` of what it lists`],
  ],
  ['a route is gone', [], { 'GET /notes': TOLD }, [`${FILE}: remove the line for 'GET /notes'`]],
])('where %s, the message says which file wants what', (_, operations, routes, flaws) => {
  expect(flawsOf(operations, { [FILE]: { routes } })).toEqual(flaws);
});

test('of a route that two domains tell of, one is too much', () => {
  const routes = { 'GET /notes': TOLD };
  const facts = { 'test/a/a.facts.ts': { routes }, [FILE]: { routes: { 'GET /notes': { statements: 1 } } } };
  expect(flawsOf([operation('GET /notes')], facts)).toEqual(["test/a/a.facts.ts: remove the line for 'GET /notes'"]);
});
