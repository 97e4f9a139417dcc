/** What a schedule deletes, with the queue in PostgreSQL. */
import { type Lab, startLab } from '../../support/lab.js';
import { cleansUp } from '../../tasks/clean-ups.js';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.startWorker();
});
afterAll(() => lab.stop());

cleansUp(() => lab);
