/** Clients that announce large bodies, and do not send them. */
import { connect, type Socket } from 'node:net';
import { type Api, PREFIX, type User } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { metricAt } from '../../support/metrics.js';
import { freePort, until } from '../../support/program.js';
import { expectProblem, type Received, send } from '../../support/raw.js';

const MIB = 1024 * 1024;
const LARGE = 700 * 1024;
/** Takes bodies of a megabyte. */
const LARGE_BODIES = `${PREFIX}/lab/tasks`;
const ONE = '203.0.113.1';
const OTHERS = ['203.0.113.2', '203.0.113.3'];

let api: Api;
let metrics: string;
let author: User;
const sockets: Socket[] = [];
beforeAll(async () => {
  const METRICS_PORT = String(await freePort());
  metrics = `http://127.0.0.1:${METRICS_PORT}`;
  const bounds = { RECEIVING_MAX_BYTES_PER_ADDRESS: String(MIB), RECEIVING_MAX_BYTES: String(2 * MIB) };
  api = await startLabApi({ TRUST_PROXY: '127.0.0.1', METRICS_PORT, ...bounds });
  author = await api.signUp();
});
afterAll(() => api.stop());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await until(async () => (await onTheWay()) === 0);
});

const onTheWay = () => metricAt(metrics, 'receiving_bytes');

/** Begins to send, without a token. */
async function announce(from: string, length: string): Promise<void> {
  const before = await onTheWay();
  const { hostname, port } = new URL(api.program.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket.on('error', () => undefined));
  const head = [`POST ${LARGE_BODIES} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', length];
  socket.write([...head, `X-Forwarded-For: ${from}`, '', '{"text":"'].join('\r\n'));
  await until(async () => (await onTheWay()) > before);
}

function write(from: string, characters: number): Promise<Received> {
  const headers = { 'x-forwarded-for': from };
  const body = `{${' '.repeat(characters)}"name": "lab_pauses"}`;
  return send(api.program.url, { method: 'POST', path: LARGE_BODIES, body, token: author.token, headers });
}

test.each([`Content-Length: ${LARGE}`, 'Transfer-Encoding: chunked'])(
  'an address that does not send what it announced (%s) may announce no more, and others may',
  async (length) => {
    await announce(ONE, length);
    expectProblem(await write(ONE, LARGE), 429, 'too_much_unsent');
    expect((await write(OTHERS[0]!, LARGE)).status).toBe(202);
    const small = { method: 'POST', path: `${PREFIX}/auth/login`, body: {}, headers: { 'x-forwarded-for': ONE } };
    expectProblem(await send(api.program.url, small), 422);
  },
);

test('what all together announce is bounded, and free again when they hang up', async () => {
  for (const from of OTHERS) await announce(from, `Content-Length: ${LARGE}`);
  await announce('203.0.113.4', `Content-Length: ${LARGE - 65_536}`);
  expectProblem(await write(ONE, LARGE), 503, 'receiving_too_much');
  for (const socket of sockets.splice(0)) socket.destroy();
  await until(async () => (await onTheWay()) === 0);
  expect((await write(ONE, LARGE)).status).toBe(202);
  expect(await metricAt(metrics, 'receiving_refused_total{bound="process"}')).toBeGreaterThan(0);
});
