/** One address has a few requests worked on at a time: the others wait, and nobody else notices. */
import { connect, type Socket } from 'node:net';
import { type Api, PREFIX, type User } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { metricAt } from '../../support/metrics.js';
import { fillProducts, LOCK_PRODUCTS, makeProduct, pathOf, PRODUCTS } from '../../support/products.js';
import { freePort, linesWith, until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { addQuietTask, open } from '../../tasks/events.js';

const AT_A_TIME = 2;
const CLIENT = '203.0.113.1';
const NEIGHBOUR = '203.0.113.2';
const COUNT = 100;
const LARGE = `${PREFIX}${PRODUCTS}?items_per_page=${COUNT}`;

let api: Api;
let author: User;
/** Of a product, and of who has made it. */
let product: string;
let profile: string;
let metricsUrl: string;
let release: (() => Promise<void>) | undefined;
const sockets: Socket[] = [];
beforeAll(async () => {
  const METRICS_PORT = String(await freePort());
  metricsUrl = `http://127.0.0.1:${METRICS_PORT}`;
  api = await startLabApi({
    TRUST_PROXY: '127.0.0.1',
    METRICS_PORT,
    CACHE_ENABLED: 'false',
    LOG_LEVEL: 'debug',
    ANSWER_MAX_BYTES: String(32 * 1024 * 1024),
    CONCURRENT_REQUESTS_PER_ADDRESS: String(AT_A_TIME),
  });
  author = await api.signUp();
  profile = `${PREFIX}/users/${author.username}`;
  await fillProducts(api, author, COUNT, `repeat('é', 63206)`);
  product = PREFIX + pathOf(await makeProduct(author));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await release?.();
  release = undefined;
  await until(async () => (await waiting()) === 0);
});
afterAll(() => api.stop());

const ask = (path: string, from: string) => send(api.program.url, { path, headers: { 'x-forwarded-for': from } });
const get = async (path: string, from: string) => (await ask(path, from)).status;

const metric = (name: string) => metricAt(metricsUrl, name);
const waiting = () => metric('requests_waiting');

/** Sends the beginning of a request, or all of it, and reads nothing. */
function write(text: string): Socket {
  const { hostname, port } = new URL(api.program.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  sockets.push(socket.pause());
  socket.write(text);
  return socket;
}

const head = (line: string) => `${line} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${CLIENT}\r\n`;

/** Has requests of the client wait for each other. */
async function hold(): Promise<void> {
  release = await holdLocks(api.database, LOCK_PRODUCTS);
}

async function untilHeld(inLine: number): Promise<void> {
  await until(async () => (await waitingForLocks(api.database)) === AT_A_TIME && (await waiting()) === inLine);
}

test('who asks for much at once waits in line, and others are answered', async () => {
  await hold();
  const answers = Promise.all(Array.from({ length: 5 }, () => get(product, CLIENT)));
  await untilHeld(3);
  expect(await get(profile, NEIGHBOUR)).toBe(200);
  await release!();
  expect(await answers).toEqual(Array(5).fill(200));
});

test('who has waited in line is still known by its own id', async () => {
  await hold();
  const answers = Promise.all(Array.from({ length: 5 }, () => ask(product, CLIENT)));
  await untilHeld(3);
  await release!();
  for (const { headers } of await answers) {
    const lines = () => linesWith(api.program, headers['x-request-id'] as string);
    await until(() => lines().some((line) => line.includes('"msg":"request"')));
    expect(lines().filter((line) => line.includes('"msg":"SELECT'))).toHaveLength(1);
  }
});

test('who hangs up leaves the line', async () => {
  await hold();
  const first = Promise.all(Array.from({ length: AT_A_TIME }, () => get(product, CLIENT)));
  await untilHeld(0);
  const impatient = write(`${head(`GET ${product}`)}\r\n`);
  await untilHeld(1);
  const patient = get(product, CLIENT);
  await untilHeld(2);
  impatient.destroy();
  await release!();
  expect([...(await first), await patient]).toEqual([200, 200, 200]);
});

test('requests on one connection are answered in their order', async () => {
  const socket = write(
    ['/health/live', profile, '/health/live', '/none'].map((path) => `${head(`GET ${path}`)}\r\n`).join(''),
  );
  let text = '';
  socket.on('data', (data) => (text += String(data))).resume();
  await until(() => text.match(/HTTP\/1\.1 \d+/g)?.length === 4);
  expect(text.match(/(?<=HTTP\/1\.1 )\d+/g)).toEqual(['200', '200', '200', '404']);
});

test('a body that comes slowly holds nobody up', async () => {
  for (let index = 0; index < AT_A_TIME; index++) {
    write(`${head('POST /api/v1/users')}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
  }
  await until(async () => (await metric('connections_open')) >= AT_A_TIME);
  expect(await get(profile, CLIENT)).toBe(200);
});

test('nor does an answer that is not read', async () => {
  for (let index = 0; index < AT_A_TIME; index++) write(`${head(`GET ${LARGE}`)}\r\n`);
  await until(async () => (await metric('sending_bytes')) > 0);
  expect(await get(profile, CLIENT)).toBe(200);
});

test('nor does an event stream', async () => {
  const task = await addQuietTask(api, author);
  const forwarded = { 'x-forwarded-for': CLIENT };
  const streams = await Promise.all(
    Array.from({ length: AT_A_TIME + 1 }, () => open(api.program.url, task, author, '', forwarded)),
  );
  expect(await get(profile, CLIENT)).toBe(200);
  for (const { answer } of streams) answer.destroy();
});
