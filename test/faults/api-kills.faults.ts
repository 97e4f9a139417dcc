import { setTimeout as sleep } from 'node:timers/promises';
import { describeBackends, Lab, often, report } from './lab.js';
import { EVEN } from './ledger.js';

const KILLS = often(10, 50);
const AT_ONCE = 20;
const SETTLE_SECONDS = 60;
const ENDS = ['commit', 'roll-back'];

describeBackends((backend) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(backend);
  }, 60_000);
  afterAll(() => lab.close());

  /** Answers whether the order was confirmed. */
  async function place(end: string): Promise<void> {
    const n = lab.ledger.number();
    const response = await lab.ask(`/lab/orders?n=${n}&end=${end}`, {}).catch(() => undefined);
    if (response?.status === 201) lab.ledger.acknowledged.add(n);
  }

  test(`${KILLS} killed APIs leave neither an order without its task nor a task without its order`, async () => {
    await lab.startWorker();
    for (let kill = 0; kill < KILLS; kill++) {
      await lab.startApi();
      // At the instants that matter most, or at any.
      const last = ['die-after', 'die-before', undefined][kill % 3];
      const orders = Array.from({ length: AT_ONCE }, (_, index) => place(ENDS[index % 2]!));
      if (last) orders.push(place(last));
      else await sleep(Math.random() * 60);
      if (!last) await lab.api.stop('SIGKILL');
      await Promise.all([...orders, lab.api.ended]);
    }
    // What was committed has to have its effect, acknowledged or not; nothing else may.
    const placed = await lab.database.query<{ n: number }>('SELECT n FROM lab.placed');
    for (const { n } of placed) lab.ledger.sent.add(n);
    const confirmed = lab.ledger.acknowledged.size;
    expect(placed.length).toBeGreaterThanOrEqual(confirmed);
    for (const { n } of placed) lab.ledger.acknowledged.add(n);
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    expect(lab.ledger.acknowledged.size).toBe(placed.length);

    const ran = new Set(lab.ledger.runs().map(({ n }) => n));
    expect([...ran].toSorted((a, b) => a - b)).toEqual(placed.map(({ n }) => n).toSorted((a, b) => a - b));
    expect(placed.length).toBeGreaterThan(KILLS);
    report(`${backend}: ${KILLS} kills of the API, ${placed.length} orders committed, ${confirmed} of them confirmed`);
  }, 3_000_000);
});
