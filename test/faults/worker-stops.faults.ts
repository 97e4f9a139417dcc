import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/program.js';
import { completedJobs } from './jobs.js';
import { describeBackends, Lab, often, report, summary } from './lab.js';
import { EVEN } from './ledger.js';

const STOPS = often(10, 50);
const TASK_MILLISECONDS = 1_500;
const AT_ONCE = 6;
const SETTLE_SECONDS = 60;

describeBackends((backend) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(backend);
    await lab.startApi();
  }, 60_000);
  afterAll(() => lab.close());

  test(`${STOPS} workers stopped in the middle of tasks spend no attempt`, async () => {
    const stops: number[] = [];
    let next = lab.startWorker();
    for (let stop = 1; stop <= STOPS; stop++) {
      const worker = await next;
      // Every other one has the time to let its tasks finish.
      next = lab.startWorker({ WORKER_SHUTDOWN_SECONDS: stop % 2 ? '1' : undefined });
      await Promise.all(Array.from({ length: AT_ONCE }, () => lab.send(TASK_MILLISECONDS)));
      await until(() => lab.ledger.runs().some((run) => run.worker === worker.name), 60_000);
      await sleep(Math.random() * 300);
      const begun = Date.now();
      expect(await worker.stop()).toBe(0);
      stops.push(Date.now() - begun);
    }
    await next;
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);

    const jobs = await completedJobs(backend, lab);
    expect(jobs).toHaveLength(STOPS * AT_ONCE);
    const flawed = jobs.filter(({ attemptsMade, stalledCounter }) => attemptsMade !== 1 || stalledCounter !== 0);
    expect(flawed).toEqual([]);
    const again = lab.ledger.runs().length - jobs.length;
    expect(again).toBeGreaterThan(0);
    report(`${backend}: ${STOPS} stops, ${jobs.length} tasks, ${again} cut short; a stop took ${summary(stops)}`);
  }, 3_000_000);
});
