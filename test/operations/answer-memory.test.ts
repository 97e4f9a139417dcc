/**
 * Memory of an API whose clients ask for the largest pages, and do not read them. Its heap is limited to what Node gives it
 * in a container of 512 MB, and its resident memory (`VmHWM`, with buffers) is held against that container's. That leaves
 * out what a cgroup also counts: the buffers of the system for each connection.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX } from '../support/api.js';
import { LAB_API, startLabApi } from '../support/lab.js';
import { fillProducts, PRODUCTS } from '../support/products.js';
import { begin } from '../support/program.js';
import { send } from '../support/raw.js';

const HEAP_MEGABYTES = 256;
const MEGABYTES = 400;
const MARK = /^VmHWM:\s+(\d+) kB$/m;
const MINUTE = 60_000;

let api: Api;
let url: string;
let pid: number;
let stop = (): Promise<unknown> => Promise.resolve();
const sockets: Socket[] = [];

beforeAll(async () => {
  api = await startLabApi();
  const ada = await api.signUp({ username: 'ada' });
  for (const sign of [`'a'`, `'🔑'`, 'chr(1)']) await fillProducts(api, ada, 100, `repeat(${sign}, 63206)`);
  const NODE_OPTIONS = `--max-old-space-size=${HEAP_MEGABYTES}`;
  const program = begin(LAB_API, {
    ...api.env,
    NODE_OPTIONS,
    TRUST_PROXY: '127.0.0.1',
    CONNECTIONS_MAX_PER_ADDRESS: '256',
  });
  stop = program.stop;
  url = await program.listening;
  pid = program.child.pid!;
}, MINUTE);
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await stop();
  await api.stop();
});

const highest = () => Number(MARK.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;

/** Asks and never reads. */
function ask(path: string, from: string): void {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(`GET ${PREFIX}${path} HTTP/1.1\r\nHost: ${hostname}\r\nX-Forwarded-For: ${from}\r\n\r\n`);
  socket.pause();
}

/** How long another client waits for a small answer, in milliseconds. */
async function wait(): Promise<number> {
  const begun = performance.now();
  const { status } = await send(url, { path: `${PREFIX}/users/ada`, headers: { 'x-forwarded-for': '198.51.100.9' } });
  expect(status).toBe(200);
  return performance.now() - begun;
}

async function watch(what: string, seconds: number): Promise<void> {
  const waits: number[] = [];
  for (let second = 0; second < seconds * 4; second++) {
    waits.push(await wait());
    await sleep(250);
  }
  const longest = Math.max(...waits).toFixed();
  process.stderr.write(`${what}: ${highest().toFixed()} MB at most, others waited ${longest} ms at most\n`);
  expect(highest()).toBeLessThan(MEGABYTES);
}

/** Where pages begin. */
async function cursors(): Promise<string[]> {
  const found = [''];
  for (let after = ''; found.length < 60;) {
    const { text } = await send(url, { path: `${PREFIX}${PRODUCTS}?items_per_page=7&after=${after}` });
    const { next } = JSON.parse(text) as { next: string | null };
    if (next === null) break;
    found.push(next);
    after = next;
  }
  return found;
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'pages that nobody reads, of one client and of many, cached and not, leave an API at work',
  async () => {
    await watch('at rest', 1);
    for (let n = 0; n < 9; n++) ask(`${PRODUCTS}?items_per_page=100`, '203.0.113.1');
    for (let n = 0; n < 9; n++) ask(`${PRODUCTS}?items_per_page=100&after=`, '203.0.113.1');
    await watch('nine', 3);
    for (let n = 0; n < 40; n++) ask(`${PRODUCTS}?items_per_page=100&after=`, '203.0.113.2');
    await watch('forty more', 3);
    const all = await cursors();
    for (const [n, after] of all.entries()) ask(`${PRODUCTS}?items_per_page=100&after=${after}`, `203.0.113.${n}`);
    for (const [n, after] of all.entries()) ask(`${PRODUCTS}?items_per_page=99&after=${after}`, `192.0.2.${n}`);
    await watch(`${2 * all.length} different ones of as many addresses`, 8);
  },
  3 * MINUTE,
);
