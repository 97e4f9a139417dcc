/** A queue and a table that stall, both in PostgreSQL also where the other suites have their queue elsewhere. */
import { enqueue, type Lab, startLab } from '../../support/lab.js';
import { holdLocks } from '../../support/locks.js';
import { type Program, until } from '../../support/program.js';
import { cancelsWhatIsLate } from '../../tasks/late.js';
import { ended } from '../../tasks/watch.js';

let lab: Lab;
let worker: Program;
beforeAll(async () => {
  lab = await startLab({ REDIS_QUEUE_URL: '' });
  worker = await lab.startWorker();
});
afterAll(() => lab.stop());

cancelsWhatIsLate(
  () => lab,
  () => worker,
  () => holdLocks(lab.api.database, 'LOCK TABLE bullmq.job IN ACCESS EXCLUSIVE MODE'),
);

test('a worker that cannot ask whether a task is still to be run says so, and runs it later', async () => {
  const { user, api } = lab;
  const path = await enqueue(user, 'lab_pauses', { options: { delay: 1 } });
  const isRelayed = async () => {
    const rows = await api.database.query("SELECT 1 FROM task WHERE status = 'delayed' AND relayed_at IS NOT NULL");
    return rows.length > 0;
  };
  await until(isRelayed);
  const rename = (from: string, to: string) => api.database.query(`ALTER TABLE task RENAME COLUMN ${from} TO ${to}`);
  await rename('relayed_at', 'passed_on_at');
  try {
    await until(() => worker.output().includes('tasks cannot start'));
  } finally {
    await rename('passed_on_at', 'relayed_at');
  }
  expect(await ended(user, path)).toMatchObject({ status: 'completed' });
  expect(worker.output().match(/tasks cannot start/g)).toHaveLength(1);
});
