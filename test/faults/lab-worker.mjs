/** The worker, with the tasks of the fault suites. */
import { Queue } from 'bullmq';
import { extend, LabModule } from './lab-tasks.mjs';

if (process.env.LAB_DIES === 'before the mark') dieBeforeTheMark();

const { WorkerModule } = await import('../../dist/src/worker.module.js');
extend(WorkerModule, LabModule);
await import('../../dist/src/worker.js');

/** Dies when the queue has got tasks, and their rows do not say so yet. */
function dieBeforeTheMark() {
  const addBulk = Object.getOwnPropertyDescriptor(Queue.prototype, 'addBulk').value;
  Queue.prototype.addBulk = async function (jobs) {
    await addBulk.call(this, jobs);
    if (jobs.some(({ name }) => name === 'ledger')) process.kill(process.pid, 'SIGKILL');
  };
}
