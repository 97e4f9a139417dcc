import { type Api, PREFIX, useApi } from '../../support/api.js';
import { expectAllRefused, expectRefused, send, type Sent } from '../../support/raw.js';
import { BODY_ROUTES, type BodyRoute, fieldsOf } from '../../support/routes.js';
import { newScene, type PlayedScene } from '../../support/scenes.js';

let api: Api;
let scene: PlayedScene;
beforeAll(async () => {
  api = await useApi();
  scene = await newScene(api, await api.superuser());
});
afterAll(() => api.stop());

const to = (route: BodyRoute, body: unknown): Promise<Sent> => scene.request(route, { body });
const routeOf = (name: string): BodyRoute => BODY_ROUTES.find((route) => route.name === name)!;
const login = routeOf('POST /auth/login');
const register = routeOf('POST /users');
const change = routeOf('PATCH /users/{username}');
const admin = routeOf('PATCH /admin/users/{username}');
const task = routeOf('POST /tasks');
const ofTask = (payload: unknown, name: unknown = 'sample') => ({ name, payload });

const WRONG_TYPES = [
  ['a number', 7],
  ['a boolean', true],
  ['a list', ['Grace']],
  ['an object', { a: 'Grace' }],
  ['nothing', ''],
] as const;

const ODD_CHARACTERS = [
  ['a NUL byte', '\\u0000'],
  ['a lone high surrogate', '\\ud800'],
  ['a lone low surrogate', '\\udc00'],
  ['surrogates in the wrong order', '\\udc00\\ud800'],
] as const;

const TEXTS = BODY_ROUTES.flatMap((route) =>
  Object.entries(fieldsOf(route).properties)
    .filter(([, { type }]) => [type].flat().includes('string'))
    .map(([field, schema]) => Object.assign({ field, schema }, route)),
);

describe.each(TEXTS)('$field of $name', (route) => {
  const { body: good, field, schema } = route;
  const takesNull = [schema.type].flat().includes('null');
  const mayBeEmpty = !schema.minLength && !schema.format && !schema.enum;

  test('what is no text is 422, and so is what PostgreSQL or UTF-8 cannot hold', async () => {
    const types = WRONG_TYPES.filter(([, value]) => !(value === '' && mayBeEmpty));
    const wrong = [...types, ...(takesNull ? [] : [['null', null] as const])];
    const text = JSON.stringify(await scene.filled({ ...good, [field]: `${String(good[field])}?` }));
    await expectAllRefused(
      api,
      [
        ...wrong.map(([what, value]) => [what, to(route, { ...good, [field]: value })] as const),
        ...ODD_CHARACTERS.map(([what, escape]) => [what, to(route, text.replace('?"', `${escape}"`))] as const),
      ],
      422,
      'validation_failed',
    );
  });
});

const TOO_LONG_URL = `https://example.com/${'a'.repeat(2048)}`;
const addresses = [
  'nope',
  'ftp://example.com/a',
  'javascript:alert(1)',
  '//example.com',
  'http:example.com',
  'https://',
  TOO_LONG_URL,
];
const emails = ['nope', 'a@', '@example.com', `${'a'.repeat(300)}@example.com`, `a@${'b.'.repeat(140)}com`, 'a b@c.de'];
const names = ['x', 'x'.repeat(31), '😀'.repeat(31), '😀'];
const usernames = ['x', 'x'.repeat(21), 'Grace', 'gra ce', 'grace!', 'gräce', 'grace\n', 'me', 'admin', '１２３'];

const TABLE: [BodyRoute, string, unknown[]][] = [
  ...[register, change, admin].flatMap((route): [BodyRoute, string, unknown[]][] => [
    [route, 'name', names],
    [route, 'username', usernames],
    [route, 'email', emails],
    [route, 'profile_image_url', addresses],
  ]),
  [register, 'password', ['Short1!', 'x'.repeat(129)]],
  [change, 'password', ['Str1ng-of-tests']],
  [admin, 'is_superuser', ['true', 1, 0, null, [], 'yes']],
  [login, 'password', ['x'.repeat(129)]],
  [login, 'username', ['x'.repeat(255)]],
  [login, 'grant_type', ['client_credentials', null, 1]],
  [task, 'name', ['', 'x'.repeat(101)]],
];

test.each(
  TABLE.flatMap(([route, field, values]) =>
    values.map((value) => ({ route, field, value, shown: JSON.stringify(value).slice(0, 40), ...route })),
  ),
)('$name with $field $shown is 422', async ({ route, field, value }) => {
  await expectRefused(api, await to(route, { ...route.body, [field]: value }), 422, 'validation_failed');
});

const nest = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as object;

test.each([
  ['a list', []],
  ['a text', 'hello'],
  ['null', null],
  ['nothing in it', {}],
  ['an unknown field', { message: 'hello', surprise: 1 }],
  ['an unknown field that every object has', { message: 'hello', toString: 1 }],
  ['a constructor field', { message: 'hello', constructor: 1 }],
  ['an empty message', { message: '' }],
  ['a message too long', { message: 'x'.repeat(201) }],
  ['a message of the wrong type', { message: ['hello'] }],
  ['null for a number', { message: 'hello', seconds: null }],
  ['a text for a number', { message: 'hello', seconds: '5' }],
  ['a fraction', { message: 'hello', seconds: 1.5 }],
  ['a number too small', { message: 'hello', seconds: -1 }],
  ['a number too large', { message: 'hello', seconds: 601 }],
  ['a NUL byte', { message: 'hel\0lo' }],
  ['a NUL byte in a field name', { message: 'hello', 'a\0b': 1 }],
  ['an object nested 30 deep', { message: 'hello', deep: nest(30) }],
])('a task payload with %s is 422', async (_, payload) => {
  await expectRefused(api, await to(task, ofTask(payload)), 422, 'validation_failed');
});

test.each([
  ['a lone surrogate', '{"message":"\\ud800"}', 422],
  ['a __proto__ key', '{"message":"hello","__proto__":{"seconds":1}}', 400],
  ['a nested __proto__ key', '{"message":"hello","a":{"__proto__":{"seconds":1}}}', 400],
  ['a constructor.prototype key', '{"message":"hello","constructor":{"prototype":{"seconds":1}}}', 400],
  ['1,000 levels', `{"message":"hello","a":${'{"a":'.repeat(1e3)}1${'}'.repeat(1e3)}}`, 400],
  ['lists of 1,000 levels', `{"message":"hello","a":${'['.repeat(1e3)}${']'.repeat(1e3)}}`, 400],
  ['340,000 empty lists', `{"message":"hello","a":[${'[],'.repeat(339_999)}[]]}`, 413],
  ['20,000 empty lists', `{"message":"hello","a":[${'[],'.repeat(19_999)}[]]}`, 400],
])('a task payload with %s is refused', async (_, payload, status) => {
  await expectRefused(api, await to(task, `{"name":"sample","payload":${payload}}`), status);
});

test('the API still knows what an object is after all that', async () => {
  const poison = '{"name":"sample","payload":{"__proto__":{"is_superuser":true}}}';
  await expectRefused(api, await to(task, poison), 400);
  const plain = await api.signUp();
  expect((await plain.agent.get(`${PREFIX}/admin/users`)).status).toBe(403);
});

test('a refusal names the field', async () => {
  const { text } = await send(api.program.url, await to(register, { ...register.body, name: 'x', surprise: 1 }));
  const { errors } = JSON.parse(text) as { errors: { field: string; message: string }[] };
  expect(errors.map(({ field }) => field).toSorted()).toEqual(['name', 'surprise']);
  for (const { message } of errors) expect(message).toMatch(/\w/);
});

// Of each kind of field one whose value has the wrong type, and is beyond other bounds too.
const KINDS: [BodyRoute, object, string, RegExp][] = [
  ...[['5'], [[5]], [{}], [true], ['x'.repeat(1_000)]].map(([seconds]): [BodyRoute, object, string, RegExp] => [
    task,
    ofTask({ message: 'hello', seconds }),
    'payload.seconds',
    /^seconds must be a whole number/,
  ]),
  [task, ofTask({ message: 7 }), 'payload.message', /^message must be a text of 1 to 200 characters$/],
  [task, ofTask('hello'), 'payload', /^payload must be an object$/],
  [register, { ...register.body, name: 7 }, 'name', /^name must be a text of/],
  [register, { ...register.body, username: ['Grace'] }, 'username', /^username must be a text of/],
  [register, { ...register.body, email: {} }, 'email', /^email must be a text of/],
  [register, { ...register.body, password: 7 }, 'password', /^password must be a text of/],
  [register, { ...register.body, profile_image_url: 7 }, 'profile_image_url', /^profile_image_url must be a text of/],
  [admin, { is_superuser: 'true' }, 'is_superuser', /^is_superuser must be a boolean/],
  [login, { ...login.body, scope: 7 }, 'scope', /^scope must be a string$/],
];

test.each(KINDS)('a value of the wrong type is told as such: %#', async (route, body, field, message) => {
  const { status, text } = await send(api.program.url, await to(route, body));
  expect(status).toBe(422);
  const { errors } = JSON.parse(text) as { errors: { field: string; message: string }[] };
  expect(errors).toEqual([{ field, message: expect.stringMatching(message) }]);
});

test.each([['601'], ['-1'], ['1.5']])('a number that is %s is told what it may be', async (seconds) => {
  const { text } = await send(api.program.url, await to(task, ofTask({ message: 'hello', seconds: Number(seconds) })));
  const message = 'seconds must be a whole number from 0 to 600';
  expect(JSON.parse(text)).toMatchObject({ errors: [{ field: 'payload.seconds', message }] });
});
