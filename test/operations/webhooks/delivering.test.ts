/** What endpoints are sent, when, and how often. */
import { leave, PREFIX, refused, type User } from '../../support/api.js';
import { type Lab, startLab } from '../../support/lab.js';
import { metricAt } from '../../support/metrics.js';
import { makeProduct } from '../../support/products.js';
import { freePort, until } from '../../support/program.js';
import { type Answers, INWARD, Receiver, status, verify } from './receiver.js';

const WEBHOOKS = `${PREFIX}/webhooks`;
const CREATED = 'lab_product.created';

interface Hook {
  id: number;
  secret: string;
  path: string;
}

interface Delivery {
  id: number;
  status: string;
  reason: string | null;
  attempt_count: number;
  attempts: { response_status: number | null; error: string | null; duration_ms: number }[];
  next_attempt_at: string | null;
  event: { message_id: string; type: string };
}

let lab: Lab;
let metrics: string;
const receivers: Receiver[] = [];
beforeAll(async () => {
  lab = await startLab(INWARD);
  const METRICS_PORT = String(await freePort());
  metrics = `http://127.0.0.1:${METRICS_PORT}`;
  await lab.startWorker({ METRICS_PORT, WEBHOOK_TIMEOUT_SECONDS: '2' });
});
afterEach(() => Promise.all(receivers.splice(0).map((one) => one.close())));
afterAll(() => lab.stop());

async function receiver(answers?: Answers): Promise<Receiver> {
  const one = await Receiver.start(answers);
  receivers.push(one);
  return one;
}

async function hook({ agent }: User, url: string, events = [CREATED]): Promise<Hook> {
  const { body } = await agent.post(WEBHOOKS).send({ url, events }).expect(201);
  return { ...(body as Hook), path: `${WEBHOOKS}/${body.id}` };
}

async function deliveries({ agent }: User, { path }: Hook): Promise<Delivery[]> {
  const { body } = await agent.get(`${path}/deliveries`).expect(200);
  return (body as { data: Delivery[] }).data;
}

/** The only delivery, when it has come to that. */
async function ended(user: User, one: Hook, isSo: (delivery: Delivery) => boolean): Promise<Delivery> {
  let last: Delivery | undefined;
  await until(async () => (last = (await deliveries(user, one))[0]) !== undefined && isSo(last));
  return last!;
}

/** Lets a delivery be tried now instead of later. */
const hasten = ({ id }: Hook) =>
  lab.api.database.query(
    `UPDATE webhook_delivery SET next_attempt_at = now() WHERE webhook_id = $1 AND status = 'pending'`,
    [id],
  );

test('an event reaches the webhooks of whom it concerns and of superusers, signed, and nobody else', async () => {
  const [ada, grace] = [await lab.api.signUp(), await lab.api.signUp()];
  const [own, roots, others, deaf] = await Promise.all([receiver(), receiver(), receiver(), receiver()]);
  const { secret } = await hook(ada, own.url);
  const root = await hook(lab.root, roots.url);
  await hook(grace, others.url);
  await hook(ada, deaf.url, ['webhook.disabled']);
  const product = await makeProduct(ada);
  await until(() => own.received.length === 1 && roots.received.length === 1);
  const [message] = own.received;
  expect(message).toMatchObject({ type: CREATED, data: product, id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) });
  const user_agent = message!.headers['user-agent'];
  expect({ ...message!.headers, user_agent }).toMatchObject({
    'content-type': 'application/json',
    user_agent: expect.stringMatching(/ webhooks$/),
  });
  expect(roots.received[0]!.id).toBe(message!.id);
  verify(secret, message!);
  verify(root.secret, roots.received[0]!);
  expect(() => verify(root.secret, message!)).toThrow();
  expect([others.connections, deaf.connections]).toEqual([0, 0]);
  await lab.root.agent.delete(root.path).expect(204);
});

test('what is rolled back is told to nobody', async () => {
  const ada = await lab.api.signUp();
  const own = await receiver();
  await hook(ada, own.url);
  const { body } = await ada.agent
    .post(`${PREFIX}/lab/products`)
    .send({ sku: 'twice', name: 'A', price_cents: 1, currency: 'EUR' })
    .expect(201);
  await refused(
    ada.agent.post(`${PREFIX}/lab/products`).send({ sku: 'twice', name: 'A', price_cents: 1, currency: 'EUR' }),
    409,
    'sku_taken',
  );
  await makeProduct(ada);
  await until(() => own.received.length === 2);
  expect(own.idsOf(CREATED)).toContain(body.id);
});

test('during a rotation messages are signed with both secrets, and a day later with the new one', async () => {
  const ada = await lab.api.signUp();
  const own = await receiver();
  const one = await hook(ada, own.url);
  const { body } = await ada.agent.post(`${one.path}/rotate-secret`).expect(200);
  await makeProduct(ada);
  await until(() => own.received.length === 1);
  for (const secret of [one.secret, body.secret]) verify(secret, own.received[0]!);
  await lab.api.database.query("UPDATE webhook SET previous_secret_ends_at = now() - interval '1 s' WHERE id = $1", [
    one.id,
  ]);
  await makeProduct(ada);
  await until(() => own.received.length === 2);
  verify(body.secret, own.received[1]!);
  expect(() => verify(one.secret, own.received[1]!)).toThrow();
});

test.each<[string, Answers, { response_status: number | null; error: string | null }]>([
  ['answers 500', status(500), { response_status: 500, error: null }],
  ['redirects', status(302, { location: 'http://127.0.0.1:1/' }), { response_status: 302, error: null }],
  ['hangs', () => undefined, { response_status: null, error: 'timed_out' }],
  ['hangs up', (response) => response.destroy(), { response_status: null, error: 'connection_lost' }],
  [
    'says what is no HTTP',
    (response) => response.socket!.end('what?\r\n\r\n'),
    { response_status: null, error: 'malformed_response' },
  ],
  [
    'dribbles its headers',
    dribble('HTTP/1.1 200 OK\r\n' + 'x-a: b\r\n'.repeat(100)),
    { response_status: null, error: 'timed_out' },
  ],
])('an endpoint that %s is tried again', async (_, answers, expected) => {
  const ada = await lab.api.signUp();
  const own = await receiver(answers);
  const one = await hook(ada, own.url);
  await ada.agent.post(`${one.path}/test`).expect(202);
  const delivery = await ended(ada, one, ({ attempt_count }) => attempt_count === 1);
  expect(delivery).toMatchObject({ status: 'pending', reason: null, attempts: [expected] });
  expect(Date.parse(delivery.next_attempt_at!)).toBeGreaterThan(Date.now());
  own.answers = status(200);
  await hasten(one);
  await ended(ada, one, (last) => last.status === 'delivered');
  const [first, second] = own.received;
  expect(second).toMatchObject({ id: first!.id, body: first!.body });
});

/** Sends a text, a few bytes at a time. */
function dribble(text: string): Answers {
  return (response) => {
    let sent = 0;
    const timer = setInterval(() => response.socket?.write(text[sent++] ?? ''), 100);
    response.socket!.on('close', () => clearInterval(timer));
  };
}

test.each<[string, Answers]>([
  ['is large', (response) => response.end('x'.repeat(2 * 1024 * 1024))],
  ['never ends', (response) => void response.write('a')],
])('a success whose body %s is a success, and not read to its end', async (_, answers) => {
  const ada = await lab.api.signUp();
  const own = await receiver(answers);
  const one = await hook(ada, own.url);
  await ada.agent.post(`${one.path}/test`).expect(202);
  const { attempts } = await ended(ada, one, (last) => last.status === 'delivered');
  expect(attempts[0]!.duration_ms).toBeLessThan(1_900);
});

test('a delivery is dead after ten attempts, can be made again, and keeps their order', async () => {
  const ada = await lab.api.signUp();
  const own = await receiver(status(503));
  const one = await hook(ada, own.url);
  await ada.agent.post(`${one.path}/test`).expect(202);
  let tried = 0;
  const dead = await ended(ada, one, (last) => {
    if (last.attempt_count > tried) void hasten(one);
    tried = last.attempt_count;
    return last.status === 'dead';
  });
  expect(dead).toMatchObject({ reason: 'status_503', attempt_count: 10, next_attempt_at: null });
  expect(own.received).toHaveLength(10);
  own.answers = status(200);
  await ada.agent.post(`${one.path}/deliveries/${dead.id}/redeliver`).expect(202);
  const again = await ended(ada, one, (last) => last.status === 'delivered');
  expect(again.attempts.map(({ response_status }) => response_status)).toEqual([...Array(10).fill(503), 200]);
  expect(new Set(own.received.map(({ id }) => id)).size).toBe(1);
});

test('what an endpoint asks for by Retry-After is waited for, within bounds', async () => {
  const ada = await lab.api.signUp();
  for (const [asked, seconds] of [
    ['120', 120],
    ['31536000', 86_400],
    ['soon', 4],
  ] as const) {
    const own = await receiver(status(429, { 'retry-after': asked }));
    const one = await hook(ada, own.url);
    await ada.agent.post(`${one.path}/test`).expect(202);
    const { next_attempt_at } = await ended(ada, one, ({ attempt_count }) => attempt_count === 1);
    const waits = (Date.parse(next_attempt_at!) - Date.now()) / 1_000;
    expect(waits).toBeGreaterThan(seconds - 3);
    expect(waits).toBeLessThan(seconds + 3);
  }
});

test.each<[string, Answers, string]>([
  ['an endpoint that is gone', status(410), 'gone'],
  ['an endpoint that has failed for five days', status(500), 'failing'],
])('%s is disabled, and its owner hears of it elsewhere', async (_, answers, reason) => {
  const ada = await lab.api.signUp();
  const [own, other] = [await receiver(answers), await receiver()];
  const one = await hook(ada, own.url);
  await hook(ada, other.url, ['webhook.disabled']);
  await ada.agent.post(`${one.path}/test`).expect(202);
  if (reason === 'failing') {
    await ended(ada, one, ({ attempt_count }) => attempt_count === 1);
    await lab.api.database.query(`UPDATE webhook SET first_failed_at = now() - interval '5 days' WHERE id = $1`, [
      one.id,
    ]);
    await hasten(one);
  }
  await until(() => other.received.length === 1);
  expect(other.received[0]).toMatchObject({
    type: 'webhook.disabled',
    data: { id: one.id, is_disabled: true, disabled_reason: reason },
  });
  expect(JSON.stringify(other.received)).not.toContain(one.secret);
  await refused(ada.agent.post(`${one.path}/test`), 409, 'webhook_disabled');
  expect(await metricAt(metrics, `webhooks_disabled_total{reason="${reason}"}`)).toBe(1);
  await ada.agent.patch(one.path).send({ is_disabled: false }).expect(200);
  own.answers = status(200);
  await ada.agent.post(`${one.path}/recover`).send({ since: '2026-01-01T00:00:00Z' }).expect(202);
  await ada.agent.post(`${one.path}/test`).expect(202);
  await ended(ada, one, (last) => last.status === 'delivered');
});

test('an endpoint that hangs takes nothing from others', async () => {
  const [ada, grace] = [await lab.api.signUp(), await lab.api.signUp()];
  const hanging = await receiver(() => undefined);
  const [good, hung] = [await receiver(), await hook(ada, hanging.url)];
  await hook(grace, good.url);
  for (let n = 0; n < 40; n++) await ada.agent.post(`${hung.path}/test`).expect(202);
  await until(() => hanging.connections > 0);
  const sent: number[] = [];
  for (let n = 0; n < 20; n++) {
    const begun = Date.now();
    await makeProduct(grace);
    await until(() => good.received.length === n + 1);
    sent.push(Date.now() - begun);
  }
  expect(Math.max(...sent)).toBeLessThan(1_500);
  expect(hanging.connections).toBeLessThan(20);
});

test.each<[string, (ada: User) => Promise<unknown>, string]>([
  ['has left', (ada) => leave(ada).expect(204), 'owner_deleted'],
  [
    'is no superuser any more',
    ({ username }) =>
      lab.root.agent.patch(`${PREFIX}/admin/users/${username}`).send({ is_superuser: false }).expect(200),
    'not_permitted',
  ],
])('nothing more is sent to an owner who %s', async (_, change, reason) => {
  const [ada, grace] = [await lab.api.signUp(), await lab.api.signUp()];
  await lab.root.agent.patch(`${PREFIX}/admin/users/${ada.username}`).send({ is_superuser: true }).expect(200);
  const own = await receiver(status(500));
  const one = await hook(ada, own.url);
  await makeProduct(grace);
  await ended(ada, one, ({ attempt_count }) => attempt_count === 1);
  await change(ada);
  await makeProduct(grace);
  await hasten(one);
  const statuses = () =>
    lab.api.database.query('SELECT status, reason FROM webhook_delivery WHERE webhook_id = $1', [one.id]);
  await until(async () => (await statuses()).every((row) => row.status === 'dead'));
  expect(await statuses()).toEqual([{ status: 'dead', reason }]);
  expect(own.received).toHaveLength(1);
});

test('deliveries are counted by their outcome, with how late they were', async () => {
  expect(await metricAt(metrics, 'webhook_deliveries_total{outcome="delivered"}')).toBeGreaterThan(20);
  expect(await metricAt(metrics, 'webhook_deliveries_total{outcome="failed"}')).toBeGreaterThan(10);
  expect(await metricAt(metrics, 'webhook_deliveries_total{outcome="dead"}')).toBeGreaterThan(3);
  expect(await metricAt(metrics, 'webhook_lag_seconds_count')).toBeGreaterThan(30);
});
