/** The worker with the tasks of the lab. */
import { extend } from './extend.js';
// Before the root module: the queues are those of the tasks that are known when it is evaluated.
import { LabTasksModule } from './tasks/lab-tasks.module.js';
import { WorkerModule } from '../../src/worker.module.js';

extend(WorkerModule, LabTasksModule);
await import('../../src/worker.js');
