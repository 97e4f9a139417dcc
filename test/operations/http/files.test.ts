/** Routes that take a file, and routes that answer one. */
import { type Api, PREFIX } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { Contract, type Operation } from '../../support/openapi.js';
import { expectProblem, type Received, send } from '../../support/raw.js';

const FILES = `${PREFIX}/lab/files`;
const MULTIPART = 'multipart/form-data; boundary=x';

let api: Api;
beforeAll(async () => {
  api = await startLabApi();
});
afterAll(() => api.stop());

const put = (type: string | null, body: string | Buffer = 'text', headers = {}): Promise<Received> =>
  send(api.program.url, { method: 'PUT', path: FILES, body, type, headers });

test.each(['text/plain', 'text/html; charset=iso-8859-1', 'application/octet-stream', MULTIPART])(
  'a file that is sent as %s arrives as it is',
  async (type) => {
    const body = Buffer.from([0, 0xff, 0xc3, 0x28]);
    expect(JSON.parse((await put(type, body)).text)).toEqual({ type, bytes: 4 });
  },
);

test('so does one without a type, and no file at all', async () => {
  expect(JSON.parse((await put(null)).text)).toEqual({ type: '', bytes: 4 });
  expect(JSON.parse((await send(api.program.url, { method: 'PUT', path: FILES })).text)).toEqual({
    type: '',
    bytes: 0,
  });
});

test.each(['application/json', 'image/png', 'multipart/mixed', 'nonsense'])('%s is refused', async (type) => {
  const answer = await put(type);
  expectProblem(answer, 415, 'unsupported_media_type');
  expect(answer.headers.accept).toBe('multipart/form-data, text/*');
});

test('more than it may have is refused, and what is encoded', async () => {
  expectProblem(await put('text/plain', Buffer.alloc(64 * 1024 + 1)), 413, 'body_too_large');
  expectProblem(await put('text/plain', 'text', { 'content-encoding': 'br' }), 415, 'unsupported_content_encoding');
});

test('what never changes may be kept for a year, unless clients may keep nothing', async () => {
  const { headers, text } = await send(api.program.url, { path: `${FILES}/abc` });
  expect(text).toBe('abc');
  expect(headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  const known = await send(api.program.url, { path: `${FILES}/abc`, headers: { 'if-none-match': headers.etag } });
  expect([known.status, known.text]).toEqual([304, '']);
  const careful = await startLabApi({ CLIENT_CACHE_MAX_AGE: '0' });
  const { headers: none } = await send(careful.program.url, { path: `${FILES}/abc` });
  await careful.stop();
  expect(none['cache-control']).toBe('no-store');
});

test('the document has a form and a bare file, and the bytes that are answered', async () => {
  const contract = new Contract((await send(api.program.url, { path: '/openapi.json' })).text);
  const find = (name: string) => contract.operations().find(({ operationId }) => operationId === name) as Operation;
  const binary = { type: 'string', format: 'binary' };
  expect(find('putFile').requestBody).toEqual({
    required: true,
    content: {
      'multipart/form-data': {
        schema: { type: 'object', properties: { file: binary }, required: ['file'], additionalProperties: false },
      },
      'text/*': { schema: binary },
    },
  });
  expect(find('getFile').responses[200]?.content).toEqual({ 'application/octet-stream': { schema: binary } });
});
