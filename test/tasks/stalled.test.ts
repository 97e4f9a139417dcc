/** A queue that stalls, in PostgreSQL also where the other suites have theirs elsewhere. */
import { type Lab, startLab } from '../support/lab/lab.js';
import { holdLocks } from '../support/locks.js';
import type { Program } from '../support/program.js';
import { cancelsWhatIsLate } from './late.js';

let lab: Lab;
let worker: Program;
beforeAll(async () => {
  lab = await startLab({ REDIS_QUEUE_URL: '' });
  worker = await lab.startWorker();
}, 60_000);
afterAll(() => lab.stop());

cancelsWhatIsLate(
  () => lab,
  () => worker,
  () => holdLocks(lab.api.database, 'LOCK TABLE bullmq.job IN ACCESS EXCLUSIVE MODE'),
);
