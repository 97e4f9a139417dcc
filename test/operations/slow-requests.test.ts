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

const BEGUN: [what: string, text: string][] = [
  ['headers', `GET ${PREFIX}/users HTTP/1.1\r\nHost: localhost\r\n`],
  [
    'body',
    `POST ${PREFIX}/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
  ],
];

/** What comes until the connection is closed. */
function answerTo(begun: string): Promise<string> {
  const { hostname, port } = new URL(api.program.url);
  return new Promise((done, fail) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(begun));
    socket.setEncoding('utf8').on('data', (part) => (text += part));
    socket.once('close', () => done(text)).once('error', fail);
  });
}

test(
  'the connection of a request whose headers or body never end is closed within a minute',
  async () => {
    const answers = await Promise.all(BEGUN.map(async ([what, text]) => [what, await answerTo(text)]));
    const closed = expect.stringMatching(/^(?:HTTP\/1\.1 408 [^]*application\/problem\+json[^]*)?$/);
    expect(answers).toEqual(BEGUN.map(([what]) => [what, closed]));
  },
  LONGEST_MILLISECONDS,
);
