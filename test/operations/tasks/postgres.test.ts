/** The queue in PostgreSQL. */
import { type Lab, startLab } from '../../support/lab.js';
import { postgresQueue } from '../../tasks/forging.js';
import { runsTasks } from '../../tasks/main-flows.js';

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
