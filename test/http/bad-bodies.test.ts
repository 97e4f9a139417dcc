import { type Api, PASSWORD, PREFIX, useApi } from '../support/api.js';
import { BODY_ROUTES, inviteEveryone, pathOf, type People } from '../support/body-routes.js';
import { expectProblem, expectRefused, send } from '../support/raw.js';

const DEEP = 100_000;
const MEBIBYTE = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';

let api: Api;
let people: People;
beforeAll(async () => {
  api = await useApi();
  people = await inviteEveryone(api);
});
afterAll(() => api.stop());

test('the suite knows every route that needs a body', async () => {
  const { body } = await api.http.get('/openapi.json').expect(200);
  const documented = Object.entries<object>(body.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.requestBody?.required)
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
  expect(BODY_ROUTES.map(({ method, template }) => `${method} ${PREFIX}${template}`).toSorted()).toEqual(
    documented.toSorted(),
  );
});

describe.each(BODY_ROUTES)('$method $template', (route) => {
  const { good } = route;
  const text = JSON.stringify(good);
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  test.each([
    ['cut off', text.slice(0, -1)],
    ['with single quotes', text.replaceAll('"', "'")],
    ['with a trailing comma', text.replace(/}$/, ',}')],
    ['with a comment', `/* */${text}`],
    ['of two values', text + text],
    ['with an unescaped line break', text.replace('":"', '":"\n')],
    ['of NaN', '{"a":NaN}'],
    ['with a __proto__ key', text.replace('{', '{"__proto__":{"is_superuser":true},')],
    ['with an escaped __proto__ key', text.replace('{', '{"\\u005f_proto__":{"is_superuser":true},')],
    ['with a constructor.prototype key', text.replace('{', '{"constructor":{"prototype":{"is_superuser":true}},')],
    ['nested 100,000 deep', text.replace('{', `{"deep":${nested(DEEP)},`)],
    [
      'nested 100,000 deep over a __proto__ key',
      text.replace('{', `{"deep":${nested(DEEP).replace('1', '{"__proto__":1}')},`),
    ],
  ])('a body %s is 400', async (_, body) => {
    await expectRefused(api, people.to(route, body), 400, 'malformed_request');
  });

  test.each([
    ['a list', [good]],
    ['an empty list', []],
    ['a list nested 100,000 deep', '['.repeat(DEEP) + ']'.repeat(DEEP)],
    ['null', 'null'],
    ['a text', '"text"'],
    ['a number', '1'],
    ['a boolean', 'true'],
  ])('%s for a body is 422', async (_, body) => {
    await expectRefused(api, people.to(route, body), 422, 'validation_failed');
  });

  test.each([
    ['with a content type', 'application/json'],
    ['without a content type', null],
  ])('an empty body %s is refused', async (_, type) => {
    await expectRefused(api, people.to(route, '', type), [400, 422]);
  });

  test.each([
    'surprise',
    'id',
    'is_deleted',
    'deleted_at',
    'created_at',
    'created_by_user_id',
    'creator',
    'hashed_password',
    'toString',
    'constructor',
    ...(route.template.startsWith('/admin') ? [] : ['is_superuser']),
  ])('the unknown field %s is 422', async (field) => {
    await expectRefused(api, people.to(route, { ...good, [field]: 1 }), 422, 'validation_failed');
  });

  test('a field name with a NUL byte is 422', async () => {
    await expectRefused(api, people.to(route, { ...good, 'na\0me': 1 }), 422, 'validation_failed');
  });

  test('a body over the limit is 413', async () => {
    const body = JSON.stringify({ ...good, padding: 'x'.repeat(MEBIBYTE) });
    await expectRefused(api, people.to(route, body), 413, 'body_too_large');
  });

  test('a body over the limit that does not tell its length is 413', async () => {
    const body = JSON.stringify({ ...good, padding: 'x'.repeat(MEBIBYTE) });
    const { path, token } = people.to(route, body);
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const chunks = new Blob([body]).stream();
    const init = { method: route.method, headers, body: chunks, duplex: 'half' } as RequestInit;
    expect((await fetch(api.program.url + path, init)).status).toBe(413);
  });

  test.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'nonsense',
    null,
  ])('the content type %s is 415', async (type) => {
    await expectRefused(api, people.to(route, text, type), 415, 'unsupported_media_type');
  });

  test('JSON with a charset is accepted like any other', async () => {
    const { status } = await send(api.program.url, people.to(route, {}, 'application/json; charset=utf-8'));
    expect(route.method === 'PATCH' ? 200 : 422).toBe(status);
  });
});

test.each(BODY_ROUTES.filter(({ template }) => template !== '/auth/login'))(
  'a form to $method $template is 415',
  async (route) => {
    await expectRefused(api, people.to(route, 'name=Grace&title=Compilers', FORM), 415, 'unsupported_media_type');
  },
);

test.each([
  ['a field sent twice', `username=ada&username=ada&password=${PASSWORD}`],
  ['an unknown field', `username=ada&password=${PASSWORD}&is_superuser=true`],
  ['a nested field', `username[a]=ada&password=${PASSWORD}`],
  ['a NUL byte', `username=ada%00&password=${PASSWORD}`],
  ['no fields', ''],
  ['a __proto__ field', `__proto__=1&username=ada&password=${PASSWORD}`],
  ['an empty field', 'username=&password='],
])('a sign-in form with %s is 422', async (_, body) => {
  await expectRefused(api, { method: 'POST', path: pathOf('/auth/login'), body, type: FORM }, 422, 'validation_failed');
});

test('a sign-in form is taken, and the wrong password in it is 401', async () => {
  const form = (body: string) =>
    send(api.program.url, { method: 'POST', path: pathOf('/auth/login'), body, type: FORM });
  expect((await form(`grant_type=password&username=ada&password=${PASSWORD}`)).status).toBe(200);
  expectProblem(await form('username=ada&password=nonsense'), 401, 'wrong_credentials');
});
