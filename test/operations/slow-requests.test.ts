/** What becomes of requests that never end. */
import { connect } from 'node:net';
import { startApi, PREFIX, type Api } from '../support/api.js';

// 30 s, looked at every 30 s; a connection that is silent for 60 s is closed without a word.
const LONGEST_MILLISECONDS = 75_000;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test.each([
  ['headers', `GET ${PREFIX}/users HTTP/1.1\r\nHost: localhost\r\n`],
  [
    'body',
    `POST ${PREFIX}/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
  ],
])(
  'the connection of a request whose %s never ends is closed within a minute',
  async (_, begun) => {
    const { hostname, port } = new URL(api.program.url);
    const answer = await new Promise<string>((done, fail) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => socket.write(begun));
      socket.setEncoding('utf8').on('data', (part) => (text += part));
      socket.once('close', () => done(text)).once('error', fail);
    });
    expect(answer).toMatch(/^(?:HTTP\/1\.1 408 [^]*application\/problem\+json[^]*)?$/);
  },
  LONGEST_MILLISECONDS,
);
