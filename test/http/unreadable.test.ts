import { connect } from 'node:net';
import { type Api, PREFIX, useApi } from '../support/api.js';
import { expectProblem, type Received, send } from '../support/raw.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

/** Sends bytes that are not quite HTTP, and reads what comes back as HTTP. */
function sendBytes(bytes: string): Promise<Received> {
  const { hostname, port } = new URL(api.program.url);
  return new Promise((done, fail) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (part) => (answer += part));
    socket.once('error', fail).once('close', () => {
      const [head, text] = answer.split('\r\n\r\n') as [string, string];
      const [first, ...lines] = head.split('\r\n') as [string, ...string[]];
      const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ')));
      done({ status: Number(first.split(' ')[1]), headers, text });
    });
  });
}

test.each([
  ['no HTTP at all', 'GARBAGE\r\n\r\n', 400],
  ['a header without a colon', `GET ${PREFIX}/posts HTTP/1.1\r\nhost x\r\n\r\n`, 400],
  ['two lengths', `POST ${PREFIX}/users HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
  ['a header of 20 kB', `GET ${PREFIX}/posts HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('%s is refused with problem details', async (_, bytes, status) => {
  const { headers, text, ...answer } = await sendBytes(bytes);
  expect(answer.status).toBe(status);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ status, code: 'malformed_request', request_id: headers['x-request-id'] });
});

test('a form of very many fields is refused before they cost anything', async () => {
  const body = Array.from({ length: 150_000 }, (_, n) => n.toString(36)).join('&');
  const type = 'application/x-www-form-urlencoded';
  const answer = await send(api.program.url, { path: `${PREFIX}/auth/login`, method: 'POST', type, body });
  expectProblem(answer, 400, 'malformed_request');
});

test('an object of very many fields is refused before they cost anything', async () => {
  const body = Object.fromEntries(Array.from({ length: 90_000 }, (_, n) => [`f${n}`, 1]));
  const answer = await send(api.program.url, { path: `${PREFIX}/users`, method: 'POST', body });
  expectProblem(answer, 400, 'malformed_request');
  expect(answer.text.length).toBeLessThan(1000);
});

test('a column that is altered under the running API makes no read fail', async () => {
  const author = await api.signUp();
  const post = { title: 'Stays', text: 'as it is' };
  const { headers } = await author.agent.post(`${PREFIX}/users/${author.username}/posts`).send(post).expect(201);
  const read = () => api.http.get(headers.location!).expect(200);
  await Promise.all(Array.from({ length: 20 }, read));
  await api.database.query('ALTER TABLE post ALTER COLUMN title TYPE varchar(60)');
  await Promise.all(Array.from({ length: 20 }, read));
});
