/** Connections of one client do not keep those of others waiting, however busy the process is. */
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, startApi } from '../support/api.js';
import { expectOnceBelow } from '../support/program.js';
import { send } from '../support/raw.js';

const LANES = 40;
const CONNECTIONS = 250;
// One may come while turns are short.
const NEWCOMERS = 5;
// One connection in a turn makes it 15 to 34 for the slowest, as an answer takes several turns here; sixteen make it 2 to 4.
const MOST_ANSWERS = 11;
const PAGE = `${PREFIX}/users?items_per_page=100`;

let api: Api;
let end = new AbortController();
const sockets: Socket[] = [];
beforeAll(async () => {
  api = await startApi({ CACHE_ENABLED: 'false' });
  await api.database.query(
    `INSERT INTO "user" (name, username, email, hashed_password)
     SELECT 'Some Body', 'body' || n, 'body' || n || '@example.com', 'none' FROM generate_series(1, 100) n`,
  );
});
afterAll(async () => {
  end.abort();
  for (const socket of sockets) socket.destroy();
  await api.stop();
});

test('a client that connects after hundreds of others is answered soon', () => expectOnceBelow(MOST_ANSWERS, wait));

/** How long a newcomer waits, in usual answers. */
async function wait(): Promise<number> {
  end = new AbortController();
  const times: number[] = [];
  const lanes = Array.from({ length: LANES }, () => lane(times));
  await sleep(1_000);
  const waited: number[] = [];
  for (let newcomer = 0; newcomer < NEWCOMERS; newcomer++) {
    connectOften();
    waited.push(await timeOf(send(api.program.url, { path: '/health/live' })));
    for (const socket of sockets.splice(0)) socket.destroy();
  }
  end.abort();
  await Promise.all(lanes);
  const usual = times.toSorted((a, b) => a - b)[times.length >> 1]!;
  return Math.max(...waited) / usual;
}

function connectOften(): void {
  const { hostname: host, port } = new URL(api.program.url);
  for (let index = 0; index < CONNECTIONS; index++) {
    sockets.push(connect({ host, port: Number(port) }).on('error', () => undefined));
  }
}

/** Asks again and again on one connection, and notes how long each answer takes. */
async function lane(times: number[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (!end.signal.aborted) times.push(await timeOf(send(api.program.url, { path: PAGE, agent })));
  agent.destroy();
}

async function timeOf(answer: Promise<{ status: number }>): Promise<number> {
  const begun = performance.now();
  expect((await answer).status).toBe(200);
  return performance.now() - begun;
}
