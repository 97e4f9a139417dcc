import { setTimeout as sleep } from 'node:timers/promises';
import { databaseAt, until } from '../support/program.js';
import { describeBackends, Lab, often, report, summary } from './lab.js';
import { EVEN } from './ledger.js';
import { Postgres } from './postgres.js';

const RESTARTS = often(2, 6);
const CUTS = often(10, 50);
// The lock of a task whose worker has lost the database runs out after 20 s, and is looked for every 5 s.
const SETTLE_SECONDS = 60;
// Where the answer to an end got lost, the state is compared with the queue after a minute.
const SWEEP_SECONDS = 90;
const PICK_UP_MILLISECONDS = 1_000;

describeBackends((backend) => {
  let lab: Lab;
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await Postgres.start();
    lab = await Lab.open(backend, databaseAt(postgres.url));
    await lab.startApi();
    await Promise.all([lab.startWorker(), lab.startWorker()]);
  }, 60_000);
  afterAll(async () => {
    await lab.close();
    await postgres.stop();
  });

  /** Milliseconds until a task that is sent now has begun. */
  async function pickUp(): Promise<number> {
    const begun = Date.now();
    await until(async () => (await lab.send()).status === 202);
    const n = Math.max(...lab.ledger.acknowledged);
    await until(() => lab.ledger.runs().some((run) => run.n === n), 60_000);
    return Date.now() - begun;
  }

  test(`PostgreSQL restarted ${RESTARTS} times: tasks are picked up as before`, async () => {
    const first: number[] = [];
    const later: number[] = [];
    for (let turn = 0; turn < RESTARTS; turn++) {
      const endLoad = lab.load({ each: 10, milliseconds: 300 });
      await until(() => lab.running.size === 2 && lab.ledger.runs().length > 10 * (turn + 1));
      await postgres.restart(turn % 2 ? 'fast' : 'killed');
      await endLoad();
      first.push(await pickUp());
      for (let n = 0; n < 5; n++) later.push(await pickUp());
      expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    }
    report(`${backend}: after a restart of PostgreSQL tasks began after ${summary(first)}, then ${summary(later)}`);
    expect(Math.max(...later)).toBeLessThan(PICK_UP_MILLISECONDS);
  }, 400_000);

  test('connections that listen are ended: tasks are picked up as before', async () => {
    await pickUp();
    const times: number[] = [];
    for (let turn = 0; turn < RESTARTS; turn++) {
      const ended = await lab.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE query ILIKE '%listen%' AND pid <> pg_backend_pid() OR application_name LIKE '%(notifications)'`,
      );
      expect(ended.length).toBeGreaterThan(2);
      for (let n = 0; n < 5; n++) times.push(await pickUp());
    }
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    expect(lab.running.size).toBe(2);
    report(`${backend}: with listeners ended, tasks began after ${summary(times)}`);
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(PICK_UP_MILLISECONDS);
  }, 120_000);

  test(`all connections are cut ${CUTS} times: no task fails by it that has but one attempt`, async () => {
    const over = new AbortController();
    const sending = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!over.signal.aborted) await Promise.all([lab.send(5, 'frail'), sleep(25)]);
      }),
    );
    for (let cut = 0; cut < CUTS; cut++) {
      await sleep(200 + Math.random() * 300);
      await lab.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    }
    over.abort();
    await sending;
    expect(await lab.ledger.balance(SWEEP_SECONDS)).toEqual(EVEN);
    // A worker that has lived through it neither ended nor needs to.
    expect(lab.running.size).toBe(2);
    const states = `SELECT status, count(*)::int AS n, min(error) AS error FROM task WHERE name = 'frail' GROUP BY status`;
    expect(await lab.database.query(states)).toEqual([{ status: 'completed', n: expect.any(Number), error: null }]);
  }, 200_000);
});
