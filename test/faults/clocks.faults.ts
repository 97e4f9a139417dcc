import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/program.js';
import { hasProgram, isLeftOut } from '../support/programs.js';
import { describeBackends, Lab, report } from './lab.js';
import { EVEN } from './ledger.js';

const SETTLE_SECONDS = 90;
const TASKS = 60;
const library = findLibrary();

describeBackends((backend) => {
  const isSkipped = isLeftOut(`clocks on ${backend}`, 'faketime', library !== undefined, report);
  const testWithClocks = isSkipped ? test.skip : test;

  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open(backend);
    await lab.startApi();
  }, 60_000);
  afterEach(() => lab.close());

  testWithClocks('a worker whose clock is 60 s ahead is refused, and another one does all the work', async () => {
    await Promise.all(Array.from({ length: TASKS }, () => lab.send(100)));
    const starts = ['+60s', '-60s'].map((clock) => lab.startWorker({ ...clockAt(clock) }));
    const [[ahead, behind]] = [await Promise.allSettled(starts), await lab.startWorker()];
    expect(ahead).toMatchObject({
      reason: { message: expect.stringMatching(/clock is \d+\.\d s ahead of the database/) },
    });
    expect(behind).toMatchObject({
      reason: { message: expect.stringMatching(/clock is \d+\.\d s behind the database/) },
    });
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    expect(lab.ledger.runs()).toHaveLength(TASKS);
  });

  testWithClocks('a clock that jumps by 60 s under a running worker doubles no effect', async () => {
    const clock = `${lab.ledger.file}.clock`;
    writeFileSync(clock, '+0');
    const jumping = { ...clockAt(undefined), FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1' };
    await Promise.all([lab.startWorker(jumping), lab.startWorker()]);
    const endLoad = lab.load({ each: 10, milliseconds: 1_000 });
    await until(() => lab.ledger.runs().length > 20);
    for (const jump of ['+60s', '-60s', '+0']) {
      writeFileSync(clock, jump);
      const before = lab.ledger.runs().length;
      await until(() => lab.ledger.runs().length > before + TASKS, 40_000);
    }
    await endLoad();
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    const again = lab.ledger.runs().length - lab.ledger.acknowledged.size;
    report(`${backend}: a clock that jumped by 60 s: ${lab.ledger.acknowledged.size} tasks, ${again} begun again`);
  });
});

function clockAt(clock: string | undefined) {
  return { LD_PRELOAD: library, FAKETIME: clock, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** Debian keeps it in a folder that is named after the processor. */
function findLibrary(): string | undefined {
  if (!hasProgram('faketime')) return undefined;
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime/libfaketime.so.1'));
  return folders.find((file) => existsSync(file));
}
