/** What clients do not read, or hold open. */
import { connect, type Socket } from 'node:net';
import { type Api, PREFIX } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { metricAt } from '../../support/metrics.js';
import { fillProducts, PRODUCTS } from '../../support/products.js';
import { freePort, until } from '../../support/program.js';
import { expectProblem, send } from '../../support/raw.js';

const MIB = 1024 * 1024;
// 100 products of 63,206 letters of two bytes, 12 MiB: more than what the system keeps of a connection that nobody reads.
const COUNT = 100;
const LARGE = `${PREFIX}${PRODUCTS}?items_per_page=${COUNT}`;
const CLIENT = '203.0.113.1';
const NEIGHBOUR = '203.0.113.2';

let api: Api;
let metricsUrl: string;
const sockets: Socket[] = [];

beforeAll(() => begin({ SENDING_MAX_BYTES: String(30 * MIB) }));

/** With other settings. */
async function again(overrides: Record<string, string>): Promise<void> {
  await api.stop();
  await begin(overrides);
}

async function begin(overrides: Record<string, string>): Promise<void> {
  const METRICS_PORT = String(await freePort());
  metricsUrl = `http://127.0.0.1:${METRICS_PORT}`;
  api = await startLabApi({ TRUST_PROXY: '127.0.0.1', METRICS_PORT, ANSWER_MAX_BYTES: String(32 * MIB), ...overrides });
  await fillProducts(api, await api.signUp(), COUNT, `repeat('é', 63206)`);
}

afterAll(() => api.stop());
afterEach(async () => {
  hangUp();
  await until(async () => (await underWay()) === 0);
});

function hangUp(): void {
  for (const socket of sockets.splice(0)) socket.destroy();
}

/** Sends requests for that path on one connection, and reads nothing but the beginning of the first answer. */
function ask(path: string, from: string, times = 1): Socket {
  const { hostname, port } = new URL(api.program.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nX-Forwarded-For: ${from}\r\n\r\n`.repeat(times));
  socket.once('data', () => socket.pause());
  return socket;
}

const get = (path: string, from: string) => send(api.program.url, { path, headers: { 'x-forwarded-for': from } });

const metric = (name: string) => metricAt(metricsUrl, name);

const underWay = () => metric('sending_bytes');

async function refusals(): Promise<{ address: number; process: number }> {
  const [address, inAll] = await Promise.all(
    ['address', 'process'].map((bound) => metric(`sending_refused_total{bound="${bound}"}`)),
  );
  return { address: address!, process: inAll! };
}

test('what is under way is bounded by address and by process, and small answers go on', async () => {
  expect((await get(LARGE, CLIENT)).status).toBe(200);
  await until(async () => (await underWay()) === 0);
  ask(LARGE, CLIENT);
  await until(async () => (await underWay()) > 10 * MIB);

  const second = await get(LARGE, CLIENT);
  expectProblem(second, 429, 'too_much_unread');
  expect(second.headers).toMatchObject({ 'retry-after': '5' });
  expect(second.headers.etag).toBeUndefined();
  expect((await get(`${PREFIX}/users`, CLIENT)).status).toBe(200);
  expect(
    (await send(api.program.url, { method: 'HEAD', path: LARGE, headers: { 'x-forwarded-for': CLIENT } })).status,
  ).toBe(200);

  ask(LARGE, NEIGHBOUR);
  await until(async () => (await underWay()) > 20 * MIB);
  const third = await get(LARGE, '203.0.113.3');
  expectProblem(third, 503, 'sending_too_much');
  expect(third.headers['retry-after']).toBeDefined();
  expect((await get(`${PREFIX}/users`, '203.0.113.3')).status).toBe(200);
  expect(await refusals()).toEqual({ address: 1, process: 1 });

  hangUp();
  await until(async () => (await underWay()) === 0);
  expect((await get(LARGE, CLIENT)).status).toBe(200);
});

test('readers that have stalled make room for an address that has less under way', async () => {
  const given = () => metric('sending_given_up_total');
  const before = await given();
  ask(LARGE, CLIENT);
  await until(async () => (await underWay()) > 10 * MIB);
  ask(LARGE, NEIGHBOUR);
  await until(async () => (await underWay()) > 20 * MIB);
  const smaller = `${PREFIX}${PRODUCTS}?items_per_page=${COUNT - 40}`;
  await until(async () => (await get(smaller, '203.0.113.3')).status === 200);
  expect((await given()) - before).toBe(1);
  expect(await underWay()).toBeGreaterThan(10 * MIB);
});

test('neighbours in one network of IPv6 count as one address', async () => {
  ask(LARGE, '2001:db8::1');
  await until(async () => (await underWay()) > 10 * MIB);
  expectProblem(await get(LARGE, '2001:db8::2'), 429, 'too_much_unread');
  expect((await get(LARGE, '2001:db8:0:1::1')).status).toBe(200);
});

test('many requests on one connection are many answers', async () => {
  const { address } = await refusals();
  ask(LARGE, CLIENT, 8);
  await until(async () => (await refusals()).address > address);
  expect(await underWay()).toBeLessThanOrEqual(16 * MIB);
});

test.each([
  [8, false],
  [9, true],
  [3_000, true],
])('a connection on which %i requests wait for their answers is closed: %s', async (times, isClosed) => {
  const refused = () => metric('connections_refused_total{bound="pipelining"}');
  const before = await refused();
  const socket = ask('/health/live', CLIENT, times);
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
    socket.resume();
  });
  await until(() => (isClosed ? socket.closed : text.split('HTTP/1.1 200').length - 1 === times));
  expect((await refused()) - before).toBe(isClosed ? 1 : 0);
});

test('an answer that is not read is given up, and logged as such', async () => {
  await again({ SEND_TIMEOUT_SECONDS: '1', SEND_MIN_BYTES_PER_SECOND: String(100 * MIB) });
  ask(LARGE, CLIENT);
  await until(async () => (await metric('sending_given_up_total')) === 1);
  await until(async () => (await underWay()) === 0);
  await until(() => api.program.output().includes('"status":499'));
  expect((await get(LARGE, CLIENT)).status).toBe(200);
});

test.each([
  ['of one address', { CONNECTIONS_MAX_PER_ADDRESS: '5', TRUST_PROXY: '' }, 5, 'address'],
  ['of the process', { CONNECTIONS_MAX: '7', CONNECTIONS_MAX_PER_ADDRESS: '5' }, 7, 'process'],
])('connections %s are bounded; those of a proxy only count for the process', async (_, overrides, most, bound) => {
  await again(overrides);
  await until(async () => (await metric('connections_open')) === 0);
  const { hostname, port } = new URL(api.program.url);
  const open = Array.from({ length: most + 3 }, () => connect(Number(port), hostname));
  sockets.push(...open);
  let closed = 0;
  for (const socket of open) socket.on('error', () => undefined).once('close', () => closed++);
  await until(() => closed === 3);
  expect(await metric('connections_open')).toBe(most);
  expect(await metric(`connections_refused_total{bound="${bound}"}`)).toBe(3);
  open.find((socket) => !socket.destroyed)!.destroy();
  await until(async () => (await metric('connections_open')) === most - 1);
  expect((await get(`${PREFIX}/users`, CLIENT)).status).toBe(200);
});
