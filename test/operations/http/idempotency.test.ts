/** Requests that may be sent again, to several instances, by many at once, and up to their bounds. */
import { randomUUID } from 'node:crypto';
import { type Api, PASSWORD, PREFIX, startApi, type User } from '../../support/api.js';
import { BEHIND_PROXY, freshAddress } from '../../support/attempts.js';
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { metricAt } from '../../support/metrics.js';
import { freePort, type Program, start, until } from '../../support/program.js';
import { expectProblem, type Received, send } from '../../support/raw.js';
import { runNow } from '../../tasks/clean-ups.js';

const DAY_HOURS = 24;
const TWICE_THE_POOL = 20;
const PATIENCE = 4_000;

let api: Api;
let other: Program;
let metrics: string;
let ada: User;
beforeAll(async () => {
  const port = await freePort();
  metrics = `http://127.0.0.1:${port}`;
  api = await startApi({ ...BEHIND_PROXY, METRICS_PORT: String(port) });
  other = await start('main', { ...api.env, METRICS_PORT: undefined });
  ada = await api.signUp();
});
afterAll(async () => {
  await other.stop();
  await api.stop();
});

const post = (url: string, key: string, message = key, { token, from }: { token: string; from?: string } = ada) =>
  send(url, {
    method: 'POST',
    path: `${PREFIX}/tasks`,
    token,
    body: { name: 'sample', payload: { message } },
    headers: { 'idempotency-key': key, ...(from && { 'x-forwarded-for': from }) },
  });

const tasksOf = (message: string) => api.database.query(`SELECT FROM task WHERE payload->>'message' = $1`, [message]);
const isReplayed = ({ headers }: Received) => headers['idempotency-replayed'] === 'true';

/** Runs while nothing can be kept, so that a request stays between its effect and its commit. */
async function whileOneWaits<T>(begin: () => Promise<Received>, run: () => Promise<T>): Promise<[Received, T]> {
  const release = await holdLocks(api.database, 'LOCK TABLE kept_response IN SHARE MODE');
  const first = begin();
  await until(async () => (await waitingForLocks(api.database)) === 1);
  const found = await run().finally(() => void release());
  return [await first, found];
}

test('20 requests with one key, to two instances at once, have one effect and one body', async () => {
  for (let round = 0; round < 5; round++) {
    const key = randomUUID();
    const sent = Array.from({ length: 20 }, (_, n) => post(n % 2 ? other.url : api.program.url, key));
    const answers = await Promise.all(sent);
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([202]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(isReplayed)).toHaveLength(19);
    expect(await tasksOf(key)).toHaveLength(1);
  }
});

test.each([
  ['this instance', () => api.program.url],
  ['another one', () => other.url],
])(
  'while %s still works on the first, a repetition waits, and is told to come again',
  async (_, url) => {
    const key = randomUUID();
    const [first, second] = await whileOneWaits(
      () => post(url(), key),
      () => post(api.program.url, key),
    );
    expectProblem(second, 409, 'idempotency_key_in_use');
    expect(second.headers['retry-after']).toBe('1');
    expect(first.status).toBe(202);
    const third = await post(api.program.url, key);
    expect({ text: third.text, isReplayed: isReplayed(third) }).toEqual({ text: first.text, isReplayed: true });
    expect(await tasksOf(key)).toHaveLength(1);
  },
  30_000,
);

test('those that wait for one another hold no connection', async () => {
  const key = randomUUID();
  const [first, found] = await whileOneWaits(
    () => post(api.program.url, key),
    async () => {
      const from = () => ({ ...ada, from: freshAddress() });
      const waiting = Array.from({ length: TWICE_THE_POOL }, () => post(api.program.url, key, key, from()));
      await until(async () => (await metricAt(metrics, 'connections_open')) > TWICE_THE_POOL);
      const { status } = await send(api.program.url, { path: `${PREFIX}/users?page=2` });
      // Once all have looked for a response; later, they are told to come again.
      await until(async () => (await metricAt(metrics, 'database_pool_connections{state="busy"}')) === 1, PATIENCE);
      return { waiting, status };
    },
  );
  expect(found.status).toBe(200);
  for (const answer of await Promise.all(found.waiting)) expect(answer.text).toBe(first.text);
});

test('registrations hold no connection while their passwords are hashed', async () => {
  const slow = await start('main', { ...api.env, METRICS_PORT: undefined, POSTGRES_POOL_SIZE: '1', BCRYPT_COST: '11' });
  const order: string[] = [];
  const register = async (n: number) => {
    const username = `hashed${n}`;
    const body = { name: 'Ada', username, email: `${username}@example.com`, password: PASSWORD };
    const headers = { 'idempotency-key': username, 'x-forwarded-for': freshAddress() };
    const { status } = await send(slow.url, { method: 'POST', path: `${PREFIX}/users`, body, headers });
    order.push('registered');
    return status;
  };
  const registered = Array.from({ length: 4 }, (_, n) => register(n));
  for (let n = 0; n < 3; n++) {
    expect((await send(slow.url, { path: `${PREFIX}/users/nobody${n}` })).status).toBe(404);
    order.push('read');
  }
  expect(await Promise.all(registered)).toEqual(registered.map(() => 201));
  // If they held the one connection, the second read would have to wait for all of them.
  expect(order.lastIndexOf('read')).toBeLessThan(order.lastIndexOf('registered'));
  await slow.stop();
}, 30_000);

test('a repetition is told from a first request by the metrics', async () => {
  const count = (outcome: string) => metricAt(metrics, `idempotent_requests_total{outcome="${outcome}"}`);
  const [kept, replayed] = [await count('kept'), await count('replayed')];
  for (let n = 0; n < 3; n++) await post(api.program.url, 'measured');
  expect([(await count('kept')) - kept, (await count('replayed')) - replayed]).toEqual([1, 2]);
});

test('after SECRET_KEY has changed, what was kept before is told again as long as the former key is known', async () => {
  const key = randomUUID();
  const { text } = await post(api.program.url, key);
  const SECRET_KEY = 'other-0123456789abcdefghijklmnopqrstuvwxyz';
  const before = api.env.SECRET_KEY;
  for (const SECRET_KEY_PREVIOUS of [before, undefined]) {
    const rotated = await start('main', { ...api.env, METRICS_PORT: undefined, SECRET_KEY, SECRET_KEY_PREVIOUS });
    const token = SECRET_KEY_PREVIOUS ? ada.token : await tokenFrom(rotated.url);
    const answer = await post(rotated.url, key, key, { ...ada, token });
    if (SECRET_KEY_PREVIOUS) expect(answer.text).toBe(text);
    else expectProblem(answer, 422, 'idempotency_key_reused');
    await rotated.stop();
  }
  expect(await tasksOf(key)).toHaveLength(1);
});

async function tokenFrom(url: string): Promise<string> {
  const body = { username: ada.username, password: PASSWORD };
  const { text } = await send(url, { method: 'POST', path: `${PREFIX}/auth/login`, body });
  return (JSON.parse(text) as { access_token: string }).access_token;
}

test.each([
  ['IDEMPOTENCY_MAX_KEYS_PER_OWNER', '3'],
  ['IDEMPOTENCY_MAX_BYTES_PER_OWNER', '500'],
])('a user who has used up %s may repeat requests, but use no new key', async (setting, most) => {
  const full = await start('main', { ...api.env, METRICS_PORT: undefined, [setting]: most });
  const grace = await api.signUp();
  const keys = ['one', 'two', 'three'];
  for (const key of keys) expect((await post(full.url, key, key, grace)).status).toBe(202);
  const message = randomUUID();
  const refusal = await post(full.url, 'four', message, grace);
  expectProblem(refusal, 429, 'too_many_idempotency_keys');
  expect(refusal.headers['retry-after']).toBe('3600');
  expect(await tasksOf(message)).toHaveLength(0);
  for (const key of keys) expect(isReplayed(await post(full.url, key, key, grace))).toBe(true);
  expect((await post(full.url, 'four', 'four', await api.signUp())).status).toBe(202);
  await full.stop();
});

test('what has been kept for a day is deleted, and its key is a new one', async () => {
  const worker = await start('worker', { ...api.env, METRICS_PORT: undefined });
  const [young, old] = [randomUUID(), randomUUID()];
  const owner = await api.signUp();
  for (const [key, hours] of [
    [young, DAY_HOURS - 1],
    [old, DAY_HOURS + 1],
  ] as const) {
    await post(api.program.url, key, key, owner);
    const sql = `UPDATE kept_response SET created_at = now() - make_interval(hours => $1)
                 WHERE id = (SELECT max(id) FROM kept_response)`;
    await api.database.query(sql, [hours]);
  }
  expect(await runNow({ api }, 'expired_responses')).toEqual({ deleted: 1 });
  expect(isReplayed(await post(api.program.url, young, young, owner))).toBe(true);
  expect(isReplayed(await post(api.program.url, old, old, owner))).toBe(false);
  await worker.stop();
});
