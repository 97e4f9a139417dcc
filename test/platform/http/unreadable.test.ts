import { connect } from 'node:net';
import { type Api, PREFIX, useApi } from '../../support/api.js';
import { linesWith, until } from '../../support/program.js';
import { expectProblem, type Received, send, sendBytes } from '../../support/raw.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

/** What comes back of bytes that are not quite HTTP, read as HTTP. */
async function answerTo(bytes: string): Promise<Received> {
  const [head, text] = (await sendBytes(api.program.url, bytes)).split('\r\n\r\n') as [string, string];
  const [first, ...lines] = head.split('\r\n') as [string, ...string[]];
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ')));
  return { status: Number(first.split(' ')[1]), headers, text };
}

test.each([
  ['no HTTP at all', 'GARBAGE\r\n\r\n', 400],
  ['a header without a colon', `GET ${PREFIX}/users HTTP/1.1\r\nhost x\r\n\r\n`, 400],
  ['two lengths', `POST ${PREFIX}/users HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
  ['a header of 20 kB', `GET ${PREFIX}/users HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('%s is refused with problem details', async (_, bytes, status) => {
  const { headers, text, ...answer } = await answerTo(bytes);
  expect(answer.status).toBe(status);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ status, code: 'malformed_request', request_id: headers['x-request-id'] });
});

const at = (line: string, ...headers: string[]) => [line, ...headers, 'Connection: close', '', ''].join('\r\n');
const HOST = 'Host: x';

test.each([
  ['without a host', at(`GET ${PREFIX}/users HTTP/1.1`), 400, 'malformed_request'],
  [
    'that expects more than to go on',
    at(`GET ${PREFIX}/users HTTP/1.1`, HOST, 'Expect: 200-ok'),
    417,
    'expectation_failed',
  ],
  ['of TRACE', at(`TRACE ${PREFIX}/users HTTP/1.1`, HOST), 405, 'method_not_allowed'],
  ['of PROPFIND', at(`PROPFIND ${PREFIX}/users/ada HTTP/1.1`, HOST), 405, 'method_not_allowed'],
  ['of QUERY', at(`QUERY ${PREFIX}/users HTTP/1.1`, HOST, 'Content-Length: 0'), 405, 'method_not_allowed'],
  [
    'of QUERY with a body',
    `${at(`QUERY ${PREFIX}/users HTTP/1.1`, HOST, 'Content-Length: 2')}{}`,
    405,
    'method_not_allowed',
  ],
  ['of OPTIONS', at(`OPTIONS ${PREFIX}/users HTTP/1.1`, HOST), 405, 'method_not_allowed'],
  [
    'of OPTIONS from a page',
    at(`OPTIONS ${PREFIX}/users HTTP/1.1`, HOST, 'Origin: http://x'),
    405,
    'method_not_allowed',
  ],
  ['of M-SEARCH', at(`M-SEARCH ${PREFIX}/auth/login HTTP/1.1`, HOST), 405, 'method_not_allowed'],
  ['of PURGE to the document', at('PURGE /openapi.json HTTP/1.1', HOST), 405, 'method_not_allowed'],
  ['of PROPFIND to nothing', at('PROPFIND /nope HTTP/1.1', HOST), 404, 'not_found'],
  ['of TRACE to nothing', at('TRACE /nope HTTP/1.1', HOST), 404, 'not_found'],
  ['of OPTIONS to nothing', at('OPTIONS /nope HTTP/1.1', HOST), 404, 'not_found'],
  ['of OPTIONS to all', at('OPTIONS * HTTP/1.1', HOST), 404, 'not_found'],
  ['for a tunnel', at('CONNECT example.com:443 HTTP/1.1', HOST), 405, 'method_not_allowed'],
  ['of a method that nobody knows', at('FOO / HTTP/1.1', HOST), 400, 'malformed_request'],
  ['with a query that is not UTF-8', at(`GET ${PREFIX}/users?after=%ff HTTP/1.1`, HOST), 400, 'malformed_request'],
  [
    'with a name in the query that is not UTF-8',
    at(`GET ${PREFIX}/users?%ff=1 HTTP/1.1`, HOST),
    400,
    'malformed_request',
  ],
  ['with a surrogate in the query', at(`GET ${PREFIX}/users?after=%ed%a0%80 HTTP/1.1`, HOST), 400, 'malformed_request'],
  ['with a lone percent sign', at(`GET ${PREFIX}/users?after=1% HTTP/1.1`, HOST), 400, 'malformed_request'],
  ['with raw UTF-8 in the query', at(`GET ${PREFIX}/users?after=é HTTP/1.1`, HOST), 400, 'malformed_request'],
  ['with raw UTF-8 in the path', at(`GET ${PREFIX}/users/é HTTP/1.1`, HOST), 400, 'malformed_request'],
])('a request %s is answered with problem details', async (_, bytes, status, code) => {
  const { headers, text, ...answer } = await answerTo(bytes);
  expect(answer.status).toBe(status);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  if (status === 405) expect(headers.allow).toMatch(/get|post/);
  // What answers TRACE has a body of its own.
  expect(JSON.parse(text)).toMatchObject({ status, code, request_id: headers['x-request-id'] });
});

test.each(['100-continue', '100-Continue'])('who expects %s goes on', async (expected) => {
  const { status } = await answerTo(at(`GET ${PREFIX}/users HTTP/1.1`, HOST, `Expect: ${expected}`));
  expect([100, 200]).toContain(status);
});

test('a request of HTTP/1.0 needs no host', async () => {
  expect((await answerTo(at(`GET ${PREFIX}/users HTTP/1.0`))).status).toBe(200);
});

test('the answer that nothing has changed tells no length, which would be that of another answer', async () => {
  const { etag } = (await send(api.program.url, { path: `${PREFIX}/users` })).headers;
  for (const method of ['GET', 'HEAD']) {
    const bytes = at(`${method} ${PREFIX}/users HTTP/1.1`, HOST, `If-None-Match: ${etag}`);
    const { status, headers, text } = await answerTo(bytes);
    expect({ method, status, text }).toEqual({ method, status: 304, text: '' });
    expect(headers).not.toHaveProperty('content-length');
  }
});

test.each([
  ['told', 'Content-Length: 500'],
  ['not told', 'Transfer-Encoding: chunked'],
])('who hangs up in the middle of a body whose length is %s is no error', async (_, length) => {
  const { hostname, port } = new URL(api.program.url);
  const id = `hung-up-${length.length}`;
  const head = [`POST ${PREFIX}/users HTTP/1.1`, HOST, 'Content-Type: application/json', `X-Request-Id: ${id}`, length];
  const socket = connect(Number(port), hostname);
  socket.write(`${[...head, '', ''].join('\r\n')}${length.startsWith('T') ? '5\r\n' : ''}{"a":`);
  await new Promise((done) => setTimeout(done, 50));
  socket.resetAndDestroy();
  const lines = () => linesWith(api.program, id);
  await until(() => lines().length > 0);
  await send(api.program.url, { path: '/health/live' });
  expect(lines().map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ level: 30, status: 499 }),
  ]);
});

test('a form of very many fields is refused before they cost anything', async () => {
  const body = Array.from({ length: 5_000 }, (_, n) => n.toString(36)).join('&');
  const type = 'application/x-www-form-urlencoded';
  const answer = await send(api.program.url, { path: `${PREFIX}/auth/login`, method: 'POST', type, body });
  expectProblem(answer, 400, 'body_too_complex');
});

test('an object of very many fields is refused before they cost anything', async () => {
  const body = Object.fromEntries(Array.from({ length: 2_500 }, (_, n) => [`f${n}`, 1]));
  const answer = await send(api.program.url, { path: `${PREFIX}/users`, method: 'POST', body });
  expectProblem(answer, 400, 'body_too_complex');
  expect(answer.text.length).toBeLessThan(1000);
});
