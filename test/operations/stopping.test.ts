/** How an API stops while it is in use. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFIX, startApi, type User } from '../support/api.js';
import { startLabApi } from '../support/lab.js';
import { holdLocks, waitingForLocks } from '../support/locks.js';
import { fillProducts, LOCK_PRODUCTS, makeProduct, PRODUCTS } from '../support/products.js';
import { isRefused, start, until } from '../support/program.js';
import { send } from '../support/raw.js';

const LANES = 20;
const GRACE_MILLISECONDS = 2_000;

const open = () =>
  startLabApi({ SHUTDOWN_GRACE_SECONDS: String(GRACE_MILLISECONDS / 1_000), TRUST_PROXY: '127.0.0.1' });

test('under load each request is answered until the API refuses connections, then it ends well', async () => {
  const api = await open();
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const failures: string[] = [];
  const reset: string[] = [];
  const connections: unknown[] = [];
  let answered = 0;
  let isStopping = false;
  let closesAt = Infinity;
  const lane = async () => {
    for (;;) {
      const isLate = isStopping;
      const id = randomUUID();
      const sent = { path: `${PREFIX}/users`, headers: { 'x-request-id': id }, agent };
      try {
        const { status, headers } = await send(api.program.url, sent);
        if (isLate) connections.push(headers.connection);
        if (status === 200) answered++;
        else failures.push(String(status));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ECONNREFUSED') return;
        // The system answers connections that nobody will take any more with a reset.
        if (code === 'ECONNRESET' && Date.now() >= closesAt) {
          reset.push(id);
          return;
        }
        failures.push(code ?? message);
      }
    }
  };
  const lanes = Array.from({ length: LANES }, lane);
  await sleep(300);
  const ended = api.program.stop();
  closesAt = Date.now() + GRACE_MILLISECONDS;
  await until(async () => (await send(api.program.url, { path: '/health/ready' })).text === '{"status":"stopping"}');
  isStopping = true;
  const before = answered;
  expect(await ended).toBe(0);
  await Promise.all(lanes);
  expect(failures).toEqual([]);
  for (const id of reset) expect(api.program.output()).not.toContain(id);
  expect(answered).toBeGreaterThan(before + LANES);
  expect(new Set(connections)).toEqual(new Set(['close']));
  await api.stop();
});

/** Also connections on which nothing has been asked yet, such as browsers make in advance. */
test('what has begun is finished, streams end, and silent connections hold nothing up', async () => {
  const api = await open();
  const user = await api.signUp();
  const stream = await streamOf(api.program.url, user);
  const silent = connect(Number(new URL(api.program.url).port), '127.0.0.1');
  await new Promise((done) => silent.once('connect', done));
  const release = await holdLocks(api.database, LOCK_PRODUCTS);
  const made = makeProduct(user, { name: 'Slow' });
  while ((await waitingForLocks(api.database)) === 0) await sleep(10);

  const begun = Date.now();
  const ended = api.program.stop();
  await stream.end;
  expect(Date.now() - begun).toBeGreaterThan(GRACE_MILLISECONDS - 100);
  await sleep(500);
  await release();
  expect(await made).toMatchObject({ name: 'Slow' });
  expect(await ended).toBe(0);
  expect(Date.now() - begun).toBeLessThan(10_000);
  silent.destroy();
  await api.stop();
});

test('who reads slowly gets all of an answer that was ready before the API closed', async () => {
  const api = await open();
  const user = await api.signUp();
  await fillProducts(api, user, 100, `repeat('x', 63000)`);
  const [answer] = (await once(
    get(`${api.program.url}${PREFIX}${PRODUCTS}?items_per_page=60`, { agent: new Agent({ keepAlive: true }) }),
    'response',
  )) as [IncomingMessage];
  const ended = api.program.stop();
  await until(() => isRefused(api.program.url));
  await sleep(500);
  const read = await buffer(answer);
  expect(read.length).toBe(Number(answer.headers['content-length']));
  expect(read.length).toBeGreaterThan(3_700_000);
  expect(await ended).toBe(0);
  await api.stop();
});

/** Resolves, once the stream is open, with its end. */
async function streamOf(url: string, user: User): Promise<{ end: Promise<string> }> {
  const payload = { message: 'hello' };
  const { headers } = await user.agent.post(`${PREFIX}/tasks`).send({ name: 'sample', payload }).expect(202);
  const answer = await fetch(`${url}${headers.location}/events`, {
    headers: { authorization: `Bearer ${user.token}` },
  });
  expect(answer.status).toBe(200);
  return { end: answer.text() };
}

/** A request whose body never comes. */
function beginRequest(url: string): ClientRequest {
  const headers = { 'content-type': 'application/json', 'content-length': 10 };
  const sent = request(`${url}${PREFIX}/users`, { method: 'POST', headers });
  sent.on('error', () => undefined).flushHeaders();
  return sent;
}

describe('with a request that takes for ever', () => {
  const settings = { SHUTDOWN_GRACE_SECONDS: '0' };

  test('an API ends all the same, after 20 s', async () => {
    const api = await startApi(settings);
    const cut = new Promise((done) => beginRequest(api.program.url).once('error', done));
    await api.http.get('/health/live').expect(200);
    const begun = Date.now();
    // Before it would be ended as one that does not manage to close.
    expect(await api.program.stop()).toBe(0);
    expect(Date.now() - begun).toBeGreaterThan(19_000);
    await cut;
    await api.stop();
  });

  test('a second signal ends an API at once', async () => {
    const api = await startApi(settings);
    beginRequest(api.program.url);
    await api.http.get('/health/live').expect(200);
    const ended = api.program.stop();
    await until(() => isRefused(api.program.url));
    const again = Date.now();
    await api.program.stop();
    expect(await ended).toBe(1);
    expect(Date.now() - again).toBeLessThan(10_000);
    await api.stop();
  });
});

test('a second signal ends a worker at once', async () => {
  const api = await startApi();
  const [worker, user] = [await start('worker', api.env), await api.signUp()];
  const task = { name: 'sample', payload: { message: 'long', seconds: 60 } };
  const { headers } = await user.agent.post(`${PREFIX}/tasks`).send(task).expect(202);
  await until(async () => (await user.agent.get(headers.location!)).body.status === 'active', 15_000);
  const ended = worker.stop();
  await sleep(500);
  const again = Date.now();
  await worker.stop();
  expect(await ended).toBe(1);
  expect(Date.now() - again).toBeLessThan(10_000);
  await api.stop();
});

test('a signal that comes as soon as it has started is heard', async () => {
  const api = await startApi({ SHUTDOWN_GRACE_SECONDS: '0' });
  for (let time = 0; time < 3; time++) {
    const other = await start('main', api.env);
    expect(await other.stop()).toBe(0);
  }
  await api.stop();
});
