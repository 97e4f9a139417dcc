/** The export of an account, with the queue in PostgreSQL. */
import { exportsAccounts } from '../../exports/exporting.js';
import { type Lab, startLab } from '../../support/lab.js';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.startWorker();
});
afterAll(() => lab.stop());

exportsAccounts(() => lab);
