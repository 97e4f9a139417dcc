import { setTimeout as sleep } from 'node:timers/promises';
import { completedJobs } from './jobs.js';
import { type Backend, describeBackends, Lab, often, report, seconds, summary } from './lab.js';
import { EVEN } from './ledger.js';

const KILLS = often(20, 200);
const DEATHS = often(4, 25);
const TASKS = 20;
// What was there when a worker died runs one at a time.
const SETTLE_SECONDS = often(150, 900);

/** In files of their own, as what was there when a worker died takes minutes. */
export function describeKills(backend: Backend): void {
  describeBackends(suite, [backend]);
}

function suite(backend: Backend): void {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open(backend);
    await lab.startApi();
  }, 60_000);
  afterEach(() => lab.close());

  /** One worker after another, none of which lives for long. */
  async function mortals(deaths: { worker: string; time: number }[]): Promise<void> {
    for (let kill = 0; kill < KILLS / 2; kill++) {
      const worker = await lab.startWorker();
      await sleep(Math.random() * 4_000);
      deaths.push({ worker: worker.name, time: Date.now() });
      await worker.stop('SIGKILL');
    }
  }

  /** It may die even before it says that it is ready. */
  async function workerDies(): Promise<void> {
    const starting = lab.startWorker({ LAB_DIES: 'before the mark' });
    await starting.then(({ ended }) => ended, (error) => expect(error.message).toContain('ended with null')); // prettier-ignore
  }

  test(`${KILLS} workers killed under load lose nothing and double nothing`, async () => {
    const endLoad = lab.load({ each: 40, milliseconds: 150 });
    const deaths: { worker: string; time: number }[] = [];
    await Promise.all([mortals(deaths), mortals(deaths)]);
    await Promise.all([lab.startWorker(), lab.startWorker()]);
    await endLoad();
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    expect(lab.ledger.acknowledged.size).toBeGreaterThan(KILLS);

    const settled = (await lab.ledger.lastEffect()) - Math.max(...deaths.map(({ time }) => time));
    const recoveries = await Promise.all(deaths.map(({ worker, time }) => lab.ledger.recovery(worker, time)));
    const times = recoveries.filter((time) => time !== undefined);
    expect(times.length).toBeGreaterThan(KILLS / 4);
    const again = lab.ledger.runs().length - lab.ledger.acknowledged.size;
    report(
      `${backend}: ${KILLS} kills, ${lab.ledger.acknowledged.size} tasks, ${again} of them begun again; ` +
        `a dead worker's tasks were done after ${summary(times)}; all was done ${seconds(settled)} after the last kill`,
    );
  }, 3_000_000);

  test(`${DEATHS} workers that die before they have noted what they passed on double nothing`, async () => {
    for (let death = 0; death < DEATHS; death++) {
      await Promise.all(Array.from({ length: TASKS }, () => lab.send()));
      await workerDies();
    }
    expect(lab.ledger.acknowledged.size).toBe(DEATHS * TASKS);
    const [row] = await lab.database.query('SELECT count(*)::int AS n FROM task WHERE relayed_at IS NULL');
    expect(row!.n).toBe(DEATHS * TASKS);
    await lab.startWorker();
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    expect(await completedJobs(backend, lab)).toHaveLength(DEATHS * TASKS);
  }, 1_000_000);
}
