import { Agent } from 'node:http';
import { type Api, PASSWORD, PREFIX, useApi } from '../../support/api.js';
import { expectAllRefused, expectProblem, expectRefused, send, type Sent } from '../../support/raw.js';
import { BODY_ROUTES, fieldsOf, type Route } from '../../support/routes.js';
import { newScene, type PlayedScene } from '../../support/scenes.js';

const DEEP = 1_000;
const MEBIBYTE = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';

const UNKNOWN_FIELDS = [
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
  'is_superuser',
  'na\0me',
];

const KIBIBYTE = 1024;
const limitOf = ({ bodyKibibytes = 32 }: Route) => bodyKibibytes * KIBIBYTE;

let api: Api;
let scene: PlayedScene;
beforeAll(async () => {
  api = await useApi();
  scene = await newScene(api, await api.superuser(), await api.signUp({ username: 'ada' }));
});
afterAll(() => api.stop());

const LOGIN = `${PREFIX}/auth/login`;
const to = (route: Route, body: unknown, type?: string | null): Promise<Sent> => scene.request(route, { body, type });

describe.each(BODY_ROUTES)('$name', (route) => {
  const { body: good } = route;
  const text = JSON.stringify(good);
  const { properties, required } = fieldsOf(route);
  const withField = (value: string) => text.replace('{', `{"x":${value},`);
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const refuses = (bodies: [what: string, body: unknown, type?: string | null][], status: number, code?: string) =>
    expectAllRefused(
      api,
      bodies.map(([what, body, type]) => [what, to(route, body, type)]),
      status,
      code,
    );

  test('a body that is no JSON, or would change what an object is, is 400', () =>
    refuses(
      [
        ['cut off', text.slice(0, -1)],
        ['with single quotes', text.replaceAll('"', "'")],
        ['with a trailing comma', text.replace(/}$/, ',}')],
        ['with a comment', `/* */${text}`],
        ['of two values', text + text],
        ['with an unescaped line break', withField('"\n"')],
        ['of NaN', '{"a":NaN}'],
        ['with a __proto__ key', text.replace('{', '{"__proto__":{"is_superuser":true},')],
        ['with an escaped __proto__ key', text.replace('{', '{"\\u005f_proto__":{"is_superuser":true},')],
        ['with a constructor.prototype key', text.replace('{', '{"constructor":{"prototype":{"is_superuser":true}},')],
      ],
      400,
      'malformed_request',
    ));

  test('a body of too many parts is more than is read', () =>
    refuses(
      [
        ['an object nested 1,000 deep', text.replace('{', `{"deep":${nested(DEEP)},`)],
        ['such an object over a __proto__ key', `{"deep":${nested(DEEP).replace('1', '{"__proto__":1}')}}`],
        ['a list nested 1,000 deep', '['.repeat(DEEP) + ']'.repeat(DEEP)],
        ['an object nested 33 deep', nested(33)],
        ['1,001 empty lists', `[${Array<string>(1_000).fill('[]').join()}]`],
        ['1,001 numbers', `{"a":[${Array<number>(999).fill(1).join()}]}`],
        ['1,001 fields', `{${Array.from({ length: 1_000 }, (_, n) => `"f${n}":1`).join()}}`],
        ['lists that never end', '[[],'.repeat(2_000)],
      ],
      400,
      'body_too_complex',
    ));

  test('what looks like much within a text is nothing', () =>
    refuses(
      [
        ['brackets', { ...good, surprise: '[{,:'.repeat(2_000) }],
        ['those behind an escaped quote', { ...good, surprise: `\\"${'[{,:"'.repeat(1_000)}` }],
      ],
      422,
      'validation_failed',
    ));

  test('a field sent twice is 400', () =>
    refuses(
      [
        ['in one spelling', text.replace('{', `{${text.slice(1, -1)},`)],
        [
          'in different spellings',
          text.replace(/\{"(.)/, (_, first: string) => {
            const escaped = `\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`;
            return `{"${escaped}${/\{"(\w+)/.exec(text)![1]!.slice(1)}":"other","${first}`;
          }),
        ],
        ['within another', `{"deep":[{"a":1,"b":2,"a":1}]}`],
      ],
      400,
      'malformed_request',
    ));

  test('a body that is not UTF-8 is 400', () =>
    refuses(
      [
        ['Latin 1', Buffer.from(withField('"\u00e9"'), 'latin1')],
        ['a byte that is nowhere in UTF-8', Buffer.concat([Buffer.from(text.slice(0, 3)), Buffer.from([0xff])])],
        ['cut off within a character', Buffer.concat([Buffer.from(text), Buffer.from([0xc3])])],
        [
          'a surrogate in UTF-8',
          Buffer.from(Buffer.from(withField('"\x01"')).map((byte) => (byte === 1 ? 0xed : byte))),
        ],
        ['an overlong slash', Buffer.concat([Buffer.from(text), Buffer.from([0xc0, 0xaf])])],
        ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
      ],
      400,
      'malformed_request',
    ));

  test('a charset that is not UTF-8 is 415, and told what is', async () => {
    const types = ['iso-8859-1', '"windows-1252"', 'utf-16', 'UTF-8-MAC', 'x'].map(
      (charset) => `application/json; charset=${charset}`,
    );
    await refuses(
      types.map((type) => [type, text, type]),
      415,
      'unsupported_media_type',
    );
    const { headers } = await send(api.program.url, await to(route, text, types[0]));
    expect(headers.accept).toMatch(/^application\/json/);
  });

  test('a content encoding is 415, and told which are none', async () => {
    const encoded = async (encoding: string) => ({
      ...(await to(route, text)),
      headers: { 'content-encoding': encoding },
    });
    const encodings = ['gzip', 'br', 'deflate', 'identity, gzip', 'x'];
    const all = encodings.map((encoding) => [encoding, encoded(encoding)] as const);
    await expectAllRefused(api, all, 415, 'unsupported_content_encoding');
    expect((await send(api.program.url, await encoded('gzip'))).headers['accept-encoding']).toBe('identity');
  });

  test('a number that is larger than any is 422', async () => {
    const numbers = ['1e400', '-1e999', '9'.repeat(400)];
    await refuses(
      numbers.map((number) => [number, text.replace('{', `{"n":${number},`)]),
      422,
      'validation_failed',
    );
    await expectRefused(api, await to(route, text.replace('{', `{"n":${'1'.repeat(20_000)},`)), 422);
  });

  test('names of fields are told in short', async () => {
    const body = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`${n}${'x'.repeat(200)}`, 1]));
    const { status, text: told } = await send(api.program.url, await to(route, body));
    expect(status).toBe(route.template === '/auth/login' || told.includes('errors') ? 422 : 413);
    expect(told.length).toBeLessThan(60_000);
  });

  test('a body that is no object is 422', () =>
    refuses(
      [
        ['a list', [good]],
        ['an empty list', []],
        ['null', 'null'],
        ['a text', '"text"'],
        ['a number', '1'],
        ['a boolean', 'true'],
      ],
      422,
      'validation_failed',
    ));

  test.each([
    ['with a content type', 'application/json'],
    ['without a content type', null],
  ])('an empty body %s is refused', async (_, type) => {
    await expectRefused(api, await to(route, '', type), [400, 422]);
  });

  test('an unknown field is 422', () =>
    refuses(
      UNKNOWN_FIELDS.filter((field) => !(field in properties)).map((field) => [field, { ...good, [field]: 1 }]),
      422,
      'validation_failed',
    ));

  const limit = limitOf(route);
  const filled = (bytes: number) =>
    JSON.stringify({ ...good, padding: '' }).replace('""}', `"${'x'.repeat(bytes - text.length - 13)}"}`);

  test('a body at the limit is read, one byte more is 413', async () => {
    expect(filled(limit)).toHaveLength(limit);
    await expectRefused(api, await to(route, filled(limit)), 422, 'validation_failed');
    await expectRefused(api, await to(route, filled(limit + 1)), 413, 'body_too_large');
  });

  test('who sends a megabyte reads why it is refused, and may go on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const answer = await send(api.program.url, { ...(await to(route, filled(MEBIBYTE))), agent });
    expectProblem(answer, 413, 'body_too_large');
    expect(answer.text).toContain(`larger than ${limit / KIBIBYTE} KiB`);
    expect((await send(api.program.url, { path: `${PREFIX}/users`, agent })).status).toBe(200);
    agent.destroy();
  });

  test('a body over the limit that does not tell its length is 413', async () => {
    const body = filled(limit + 1);
    const { path, token } = await to(route, body);
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const chunks = new Blob([body]).stream();
    const init = { method: route.method, headers, body: chunks, duplex: 'half' } as RequestInit;
    expect((await fetch(api.program.url + path, init)).status).toBe(413);
  });

  test('a content type that is not JSON is 415', () => {
    const types = [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'nonsense',
      null,
    ];
    return refuses(
      types.map((type) => [String(type), text, type]),
      415,
      'unsupported_media_type',
    );
  });

  test('JSON with a charset is accepted like any other', async () => {
    const { status } = await send(api.program.url, await to(route, {}, 'application/json; charset=utf-8'));
    // Some routes need a field only of some callers.
    expect(required.length > 0 ? [422] : [200, 422]).toContain(status < 300 ? 200 : status);
  });
});

test.each(BODY_ROUTES.filter(({ operation }) => operation.operationId !== 'signIn'))(
  'a form to $name is 415',
  async (route) => {
    await expectRefused(api, await to(route, 'name=Grace&title=Compilers', FORM), 415, 'unsupported_media_type');
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
  await expectRefused(api, { method: 'POST', path: LOGIN, body, type: FORM }, 422, 'validation_failed');
});

test('a sign-in form is taken, and the wrong password in it is 401', async () => {
  const form = (body: string) => send(api.program.url, { method: 'POST', path: LOGIN, body, type: FORM });
  expect((await form(`grant_type=password&username=ada&password=${PASSWORD}`)).status).toBe(200);
  expectProblem(await form('username=ada&password=nonsense'), 401, 'wrong_credentials');
});

test.each([
  ['bytes that are no UTF-8', 'username=ada&password=%E9%E9%E9%E9%E9%E9%E9%E9'],
  ['a surrogate', 'username=ada&password=%ED%A0%80'],
  ['a lone percent sign', 'username=ada&password=100%'],
  ['a percent sign before other letters', 'username=ada&password=%zz'],
  ['a name that is not UTF-8', '%FF=1'],
])('a sign-in form with %s is 400', async (_, body) => {
  await expectRefused(api, { method: 'POST', path: LOGIN, body, type: FORM }, 400, 'malformed_request');
});

test('a sign-in form of raw bytes that are no UTF-8 is 400, and other charsets are 415', async () => {
  const form = {
    method: 'POST',
    path: LOGIN,
    body: Buffer.from('username=ada&password=\xe9', 'latin1'),
  };
  await expectRefused(api, { ...form, type: FORM }, 400, 'malformed_request');
  const answer = await send(api.program.url, { ...form, type: `${FORM}; charset=iso-8859-1` });
  expectProblem(answer, 415, 'unsupported_media_type');
  expect(answer.headers.accept).toBe(`application/json, ${FORM}`);
});

test('a sign-in form of 1,001 fields is more than is read', async () => {
  const body = Array.from({ length: 1_001 }, (_, n) => n.toString(36)).join('&');
  await expectRefused(api, { method: 'POST', path: LOGIN, body, type: FORM }, 400, 'body_too_complex');
});

test('a password of eight bytes 0xE9 is never that of eight bytes 0xFF', async () => {
  const { username } = await api.signUp({ password: '\ufffd'.repeat(8) });
  for (const byte of ['\xe9', '\xff']) {
    const body = Buffer.from(JSON.stringify({ username, password: byte.repeat(8) }), 'latin1');
    expectProblem(await send(api.program.url, { method: 'POST', path: LOGIN, body }), 400);
  }
});

test.each(['{"username":"ada",', '\ufeff{"username":"ada",'])(
  'a byte order mark is no part of a body',
  async (begin) => {
    const body = `${begin}"password":"${PASSWORD}"}`;
    expect((await send(api.program.url, { method: 'POST', path: LOGIN, body })).status).toBe(200);
  },
);

const EMPTY_ROUTES = ['/auth/logout', '/auth/refresh'];
const EMPTY_TYPES = [
  'text/plain',
  'application/xml',
  FORM,
  'multipart/form-data; boundary=x',
  'application/json; charset=x',
  'nonsense',
];
test.each(EMPTY_ROUTES.flatMap((path) => EMPTY_TYPES.map((type) => [path, type] as const)))(
  'to POST %s nothing with the content type %s is nothing',
  async (path, type) => {
    for (const body of [undefined, '']) {
      const sent = { method: 'POST', path: PREFIX + path, body, type, headers: { 'content-encoding': 'gzip' } };
      expectProblem(await send(api.program.url, sent), 401);
    }
  },
);

test.each(BODY_ROUTES)('whatever $name takes is taken however JSON escapes it', (route) => {
  const longest = Object.entries(fieldsOf(route).properties).map(
    ([name, { maxLength = 0 }]) => `"${name}":"${'\\ud83d\\ude00'.repeat(maxLength)}"`,
  );
  expect(`{${longest.join()}}`.length).toBeLessThanOrEqual(limitOf(route));
});
