/** 10,000 events, while workers are killed and endpoints do their worst. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFIX, type User } from '../../support/api.js';
import { type Lab, startLab } from '../../support/lab.js';
import { newProduct } from '../../support/products.js';
import { freePort, type Program, until } from '../../support/program.js';
import { type Answers, INWARD, Receiver, status, verify } from './receiver.js';

const EVENTS = 10_000;
// Those that the worst endpoints hear as well: each of ten attempts at one that hangs takes a second.
const BAD_EVENTS = 5;
const AT_ONCE = 8;
const LEAST_KILLS = 8;
const CREATED = 'lab_product.created';

interface Row {
  status: string;
  reason: string | null;
  attempt_count: number;
  attempts: { at: string }[];
  product: number;
}

const dribble =
  (text: string): Answers =>
  (response) => {
    let at = 0;
    const timer = setInterval(() => response.socket?.write(text[at++] ?? ' '), 1_000);
    response.socket!.on('close', () => clearInterval(timer));
  };

const BAD: Record<string, { answers: Answers; ends: string }> = {
  hangs: { answers: () => undefined, ends: 'timed_out' },
  redirects: { answers: status(307, { location: 'http://127.0.0.1/' }), ends: 'status_307' },
  'answers 500': { answers: status(500), ends: 'status_500' },
  'hangs up': { answers: (response) => response.destroy(), ends: 'connection_lost' },
  'has 2 MB to say': { answers: (response) => response.end('x'.repeat(2 ** 21)), ends: 'delivered' },
  'says a byte a second': { answers: dribble('HTTP/1.1 200 OK\r\n\r\n'), ends: 'timed_out' },
};

let lab: Lab;
const receivers: Receiver[] = [];
beforeAll(async () => {
  lab = await startLab({ ...INWARD, WEBHOOK_MAX_PENDING: '100000', LOG_LEVEL: 'warn' });
});
afterAll(async () => {
  await lab.stop();
  await Promise.all(receivers.map((one) => one.close()));
});

async function hook({ agent }: User, url: string): Promise<{ id: number; secret: string }> {
  const { body } = await agent
    .post(`${PREFIX}/webhooks`)
    .send({ url, events: [CREATED] })
    .expect(201);
  return body as { id: number; secret: string };
}

async function receiver(answers?: Answers): Promise<Receiver> {
  const one = await Receiver.start(answers);
  receivers.push(one);
  return one;
}

/** Creates so many products; their ids. */
async function create({ token }: User, count: number): Promise<number[]> {
  const ids: number[] = [];
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const createOne = async () => {
    const options = { method: 'POST', headers, body: JSON.stringify(newProduct()) };
    const answer = await fetch(`${lab.api.program.url}${PREFIX}/lab/products`, options);
    expect(answer.status).toBe(201);
    ids.push(((await answer.json()) as { id: number }).id);
  };
  let left = count;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await createOne();
    }),
  );
  return ids;
}

/** Kills one worker after another, and puts another in its place, until told to stop, but some at least; how many. */
function killWorkers(): () => Promise<number> {
  let isOver = false;
  const killing = (async () => {
    const workers: Program[] = [await startWorker(), await startWorker()];
    for (let kills = 0; ; kills++) {
      if (isOver && kills >= LEAST_KILLS) return kills;
      await sleep(1_500);
      await workers.shift()!.stop('SIGKILL');
      workers.push(await startWorker());
    }
  })();
  return () => {
    isOver = true;
    return killing;
  };
}

const startWorker = () => lab.startWorker({ WEBHOOK_TIMEOUT_SECONDS: '1' });

/** Days go by in a moment. */
const hasten = () =>
  lab.api.database.query(
    `UPDATE webhook_delivery SET next_attempt_at = now() WHERE status = 'pending' AND next_attempt_at > now()`,
  );

async function isSettled(): Promise<boolean> {
  await hasten();
  await sleep(200);
  return (await lab.api.database.query(`SELECT FROM webhook_delivery WHERE status = 'pending' LIMIT 1`)).length === 0;
}

const rowsOf = ({ id }: { id: number }) =>
  lab.api.database.query<Row & { product: number }>(
    `SELECT status, reason, attempt_count, attempts, (payload->>'id')::int AS product
     FROM webhook_delivery JOIN webhook_event ON webhook_event.id = event_id WHERE webhook_id = $1`,
    [id],
  );

const inOrder = (numbers: Iterable<number>) => [...numbers].toSorted((a, b) => a - b);

test('each event is delivered or dead with its reason, whoever dies, and only a killed worker makes one come twice', async () => {
  const [ada, grace] = [await lab.api.signUp(), await lab.api.signUp()];
  const [all, own] = [await receiver(), await receiver()];
  const [allHook, ownHook] = [await hook(lab.root, all.url), await hook(grace, own.url)];
  const bad = await Promise.all(
    Object.entries(BAD).map(async ([name, { answers, ends }]) => {
      return { name, ends, hook: await hook(ada, (await receiver(answers)).url) };
    }),
  );
  const gone = await hook(ada, (await receiver(status(410))).url);
  const nobody = await hook(ada, `http://127.0.0.1:${await freePort()}/`);

  const stopKilling = killWorkers();
  const [first, more] = await Promise.all([create(ada, BAD_EVENTS), create(grace, EVENTS - BAD_EVENTS)]);
  await hasten();
  const kills = await stopKilling();
  await until(isSettled, 250_000);

  const created = inOrder([...first, ...more]);
  for (const [endpoint, one, ids] of [
    [all, allHook, created],
    [own, ownHook, inOrder(more)],
  ] as const) {
    // prettier-ignore
    const rows = await rowsOf(one);
    expect(rows.filter((row) => row.status !== 'delivered')).toEqual([]);
    expect(inOrder(rows.map(({ product }) => product))).toEqual(ids);
    expect(inOrder(new Set(endpoint.idsOf(CREATED)))).toEqual(ids);
    for (const message of endpoint.received) verify(one.secret, message);
    // Of each killed worker, what it was just sending.
    expect(endpoint.received.length - ids.length).toBeLessThanOrEqual(kills * 4);
  }
  for (const { name, ends, hook: one } of [...bad, { name: 'refuses', ends: 'connection_refused', hook: nobody }]) {
    const rows = await rowsOf(one);
    expect([name, ...rows.map((row) => row.reason ?? row.status)]).toEqual([name, ...Array(BAD_EVENTS).fill(ends)]);
    for (const { attempts, attempt_count } of rows) {
      expect(attempt_count).toBe(ends === 'delivered' ? 1 : 10);
      expect(attempts).toHaveLength(attempt_count);
      expect(attempts.map(({ at }) => at)).toEqual(attempts.map(({ at }) => at).toSorted());
    }
  }
  const ofGone = (await rowsOf(gone)).map(({ reason }) => reason).toSorted();
  expect(ofGone).toEqual(['status_410', ...Array(BAD_EVENTS - 1).fill('webhook_disabled')]);
}, 400_000);
