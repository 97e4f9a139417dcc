/** The queue in PostgreSQL, and the tasks that come with the template. */
import { type Lab, startLab } from '../support/lab.js';
import { cleansUp } from './clean-ups.js';
import { exportsAccounts } from './exports.js';
import { postgresQueue } from './forging.js';
import { runsTasks } from './main-flows.js';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.startWorker();
}, 60_000);
afterAll(() => lab.stop());

runsTasks(
  () => lab,
  postgresQueue(() => lab),
);
exportsAccounts(() => lab);
cleansUp(() => lab);
