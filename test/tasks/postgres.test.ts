/** The queue in PostgreSQL, and the tasks that come with the template. */
import { type Lab, startLab } from '../support/lab/lab.js';
import { holdLocks } from '../support/locks.js';
import type { Program } from '../support/program.js';
import { cleansUp } from './clean-ups.js';
import { exportsAccounts } from './exports.js';
import { cancelsWhatIsLate } from './late.js';
import { runsTasks } from './main-flows.js';

let lab: Lab;
let worker: Program;
beforeAll(async () => {
  lab = await startLab();
  worker = await lab.startWorker();
}, 60_000);
afterAll(() => lab.stop());

runsTasks(() => lab);
exportsAccounts(() => lab);
cleansUp(() => lab);
cancelsWhatIsLate(
  () => lab,
  () => worker,
  () => holdLocks(lab.api.database, 'LOCK TABLE bullmq.job IN ACCESS EXCLUSIVE MODE'),
);
