import { type Api, useApi } from '../../support/api.js';
import { Contract, type Operation } from '../../support/openapi.js';
import { SETTINGS } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { DOCUMENT } from '../../support/routes.js';

let api: Api;
let document: Contract;
beforeAll(async () => {
  api = await useApi();
  document = new Contract((await ask('/openapi.json')).text);
});
afterAll(() => api.stop());

const ask = (path: string) => send(api.program.url, { path });
/** The failures of a rule among all operations, so that a failing test names them. */
const breaking = (holds: (operation: Operation) => boolean) =>
  document
    .operations()
    .filter((operation) => !holds(operation))
    .map(({ route }) => route);

/** Everything that a page loads: sources, stylesheets and links of its head. */
function loaded(html: string): string[] {
  return [...html.matchAll(/(?:src|href|spec-url)\s*=\s*["']([^"']+)["']/g)].map(([, url]) => url!);
}

test.each(['/docs', '/redoc'])('%s is open in local, and so is all that it loads, from the same host', async (path) => {
  const page = await ask(path);
  expect(page.status).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.text).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
  expect(page.text).not.toMatch(/@import|https?:\/\/(fonts|cdn|unpkg)/);
  // Without one, browsers ask for /favicon.ico.
  expect(page.text).toContain('rel="icon"');
  const assets = loaded(page.text).filter((url) => !url.startsWith('data:'));
  expect(assets.some((url) => url.endsWith('.js'))).toBe(true);
  for (const url of assets) {
    const { pathname, origin } = new URL(url, api.program.url + path);
    expect(origin).toBe(new URL(api.program.url).origin);
    expect({ pathname, status: (await ask(pathname)).status }).toEqual({ pathname, status: 200 });
  }
});

test.each(['/', '/?x=1'])('%s leads to the docs', async (path) => {
  for (const method of ['GET', 'HEAD']) {
    const { status, headers } = await send(api.program.url, { path, method });
    expect([status, headers.location]).toEqual([302, '/docs']);
  }
});

test('Swagger UI finds the routes', async () => {
  const script = await ask('/docs/swagger-ui-init.js');
  expect(script.status).toBe(200);
  expect(script.headers['content-type']).toMatch(/javascript/);
  expect(script.text).toContain('/api/v1/users/{username}');
  expect((await ask('/redoc/redoc.standalone.js')).headers['content-type']).toMatch(/javascript/);
});

test('what is served is what the code says, under the name of the application', async () => {
  const { headers } = await ask('/openapi.json');
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(document.root).toEqual({ ...DOCUMENT.root, info: { ...DOCUMENT.root.info, title: SETTINGS.APP_NAME } });
});

test('every reference leads somewhere', () => {
  const references = [...document.text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references)
    expect([reference, document.resolve({ $ref: reference })]).toEqual([reference, expect.any(Object)]);
});

test('every operation has a summary, tags, an id of its own and a documented success', () => {
  expect(document.operations().length).toBeGreaterThanOrEqual(20);
  expect(breaking(({ summary, tags }) => Boolean(summary && tags?.length))).toEqual([]);
  expect(new Set(document.operations().map(({ operationId }) => operationId)).size).toBe(document.operations().length);
  expect(breaking(({ responses }) => Object.keys(responses).some((status) => /^(2\d\d|302)$/.test(status)))).toEqual(
    [],
  );
  const described = ({ responses }: Operation) => Object.values(responses).every(({ description }) => description);
  expect(breaking(described)).toEqual([]);
});

test('a success has a body unless it is 204', () => {
  const isWhole = ({ responses }: Operation) =>
    Object.entries(responses)
      .filter(([status]) => status.startsWith('2'))
      .every(([status, { content }]) => (status === '204') === (content === undefined));
  expect(breaking(isWhole)).toEqual([]);
});

test('an operation that is not public says so and documents 401', async () => {
  for (const { route, method, path, security, responses } of document.operations()) {
    const { text } = await send(api.program.url, {
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, '1'),
    });
    const asksForToken = text.includes('"not_signed_in"');
    expect({ route, isSecured: Boolean(security?.length) }).toEqual({ route, isSecured: asksForToken });
    if (asksForToken) expect(Object.keys(responses)).toContain('401');
    if (path.includes('/admin/')) expect(Object.keys(responses)).toContain('403');
  }
  const named = new Set(
    document.operations().flatMap(({ security = [] }) => security.flatMap((one) => Object.keys(one))),
  );
  expect(Object.keys(document.root.components.securitySchemes)).toEqual(expect.arrayContaining([...named]));
});

test('an operation with a body documents 400, 413, 415 and 422, one with a query 422', () => {
  const has = (responses: object, statuses: string[]) => statuses.every((status) => status in responses);
  const withBody = ['400', '413', '415', '422'];
  expect(document.operations().some(({ requestBody }) => requestBody)).toBe(true);
  expect(breaking(({ requestBody, responses }) => !requestBody || has(responses, withBody))).toEqual([]);
  const hasQuery = ({ parameters }: Operation) => parameters.some((parameter) => parameter.in === 'query');
  expect(breaking((operation) => !hasQuery(operation) || has(operation.responses, ['422']))).toEqual([]);
  expect(breaking(({ path, responses }) => !path.includes('{') || has(responses, ['404']))).toEqual([]);
});

test('every error is documented as problem details with an example', () => {
  for (const { route, responses } of document.operations()) {
    for (const [status, { content }] of Object.entries(responses).filter(([code]) => /^[45]/.test(code))) {
      const media = content?.['application/problem+json'];
      expect({ route, status, schema: media?.schema.$ref }).toEqual({
        route,
        status,
        schema: '#/components/schemas/Problem',
      });
      const examples = Object.entries(media!.examples ?? {});
      expect(examples.length).toBeGreaterThan(0);
      for (const [code, { value }] of examples) {
        expect(value).toMatchObject({ status: Number(status), code });
        expect(document.mismatches(media!.schema, value)).toEqual([]);
      }
    }
  }
});

test('the path parameters of an operation are those of its path', () => {
  const namesOf = ({ parameters }: Operation) => parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const isWhole = (operation: Operation) =>
    String(namesOf(operation).toSorted()) ===
    String([...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).toSorted());
  expect(breaking(isWhole)).toEqual([]);
});

test('the examples of the schemas are what the schemas say', () => {
  const fields = Object.entries(document.root.components.schemas).flatMap(([name, { properties = {} }]) =>
    Object.entries(properties).map(([property, schema]) => ({ property: `${name}.${property}`, schema })),
  );
  const withExample = fields.filter(({ schema }) => schema.example !== undefined);
  expect(withExample.length).toBeGreaterThan(10);
  for (const { property, schema } of withExample)
    expect([property, document.mismatches(schema, schema.example)]).toEqual([property, []]);
});
