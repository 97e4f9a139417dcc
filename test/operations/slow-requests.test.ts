/** What becomes of requests that never end. */
import { startApi, PREFIX, type Api } from '../support/api.js';
import { sendBytes } from '../support/raw.js';

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

test(
  'the connection of a request whose headers or body never end is closed within a minute',
  async () => {
    const answers = await Promise.all(
      BEGUN.map(async ([what, text]) => [what, await sendBytes(api.program.url, text)]),
    );
    const closed = expect.stringMatching(/^(?:HTTP\/1\.1 408 [^]*application\/problem\+json[^]*)?$/);
    expect(answers).toEqual(BEGUN.map(([what]) => [what, closed]));
  },
  LONGEST_MILLISECONDS,
);
