/** The worker, with the lab's tasks besides its own. */
import { labTasks } from './tasks.mjs';

// The queues are those of the tasks known when the module is evaluated.
const { WorkerModule } = await import('../../../dist/src/worker.module.js');
Reflect.defineMetadata('providers', labTasks, WorkerModule);
await import('../../../dist/src/worker.js');
