import { setTimeout as sleep } from 'node:timers/promises';
import { describeBackends, Lab, often, report, seconds } from './lab.js';
import { EVEN } from './ledger.js';

const DOWN_MILLISECONDS = often(5_000, 30_000);
const SETTLE_SECONDS = 90;
const ANSWER_MILLISECONDS = 1_000;

const OUTAGES: [string, (lab: Lab) => unknown, (lab: Lab) => unknown][] = [
  ['hangs', (lab) => lab.store.hang(), (lab) => lab.store.goOn()],
  ['is gone', (lab) => lab.store.kill(), (lab) => lab.restartRedis()],
];

describeBackends((backend) => {
  if (backend === 'PostgreSQL') return test.todo('has no Redis');
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(backend);
    await lab.startApi();
    await Promise.all([lab.startWorker(), lab.startWorker()]);
  }, 60_000);
  afterAll(() => lab.close());

  test.each(OUTAGES)(
    `while Redis %s for ${seconds(DOWN_MILLISECONDS)} tasks are accepted, and run afterwards`,
    async (name, goes, returns) => {
      const endLoad = lab.load({ each: 10, milliseconds: 300 });
      await sleep(1_000);
      await goes(lab);
      const answers: { status: number; time: number }[] = [];
      for (const end = Date.now() + DOWN_MILLISECONDS; Date.now() < end; await sleep(200)) {
        const begun = Date.now();
        const { status } = await lab.send();
        answers.push({ status, time: Date.now() - begun });
      }
      await endLoad();
      await returns(lab);
      const back = Date.now();
      expect(answers.filter(({ status, time }) => ![202, 503].includes(status) || time > ANSWER_MILLISECONDS)).toEqual(
        [],
      );
      expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
      const accepted = answers.filter(({ status }) => status === 202).length;
      const slowest = Math.max(...answers.map(({ time }) => time));
      report(
        `Redis ${name} for ${seconds(DOWN_MILLISECONDS)}: ${accepted} of ${answers.length} accepted meanwhile, ` +
          `within ${slowest} ms; all was done ${seconds((await lab.ledger.lastEffect()) - back)} after it was back, and every state told ${seconds(Date.now() - back)} after`,
      );
    },
    200_000,
  );

  test('what an emptied Redis has lost is queued again', async () => {
    await Promise.all(Array.from({ length: 60 }, () => lab.send(500)));
    await lab.store.tell('FLUSHALL');
    // As if nothing had been heard of them for a minute.
    await lab.database
      .query(`UPDATE task SET relayed_at = relayed_at - interval '1 minute', updated_at = now() - interval '1 minute'
       WHERE status IN ('queued', 'delayed', 'active')`);
    const emptied = Date.now();
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    report(`Redis emptied: all was done ${seconds((await lab.ledger.lastEffect()) - emptied)} afterwards`);
  }, 200_000);
});
