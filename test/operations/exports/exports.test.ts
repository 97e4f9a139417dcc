/** The export of an account, with the queue in PostgreSQL. */
import { type Lab, startLab } from '../../support/lab.js';
import { exportsAccounts } from '../../tasks/exports.js';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.startWorker();
}, 60_000);
afterAll(() => lab.stop());

exportsAccounts(() => lab);
