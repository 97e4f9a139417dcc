/** The API, with the lab's tasks besides its own, and a route that queues any of them as code of a domain would. */
import { labTasks } from './tasks.mjs';
import { Body, Controller, Post } from '@nestjs/common';

const { AppModule } = await import('../../../dist/src/app.module.js');
const { Transactions } = await import('../../../dist/src/platform/database/transactions.js');
const { Responds } = await import('../../../dist/src/platform/http/responses/documented-responses.js');
const { CurrentCaller } = await import('../../../dist/src/platform/http/access/caller.js');
const { definitionOf } = await import('../../../dist/src/platform/queue/task.js');
const { TasksService } = await import('../../../dist/src/tasks/tasks.service.js');

class Undone extends Error {}

class LabController {
  constructor(tasks, transactions) {
    this.tasks = tasks;
    this.transactions = transactions;
  }

  /** `end` is that of the transaction around it: commit, rollback, or none for no transaction. */
  async enqueue({ name, payload = {}, options, end }, caller) {
    const task = labTasks.find((one) => definitionOf(one).name === name);
    const enqueue = () => this.tasks.enqueue(task, payload, { ...options, owner_user_id: caller.id });
    if (!end) return enqueue();
    let queued;
    try {
      return await this.transactions.run(async () => {
        queued = await enqueue();
        if (end === 'rollback') throw new Undone();
        return queued;
      });
    } catch (error) {
      if (error instanceof Undone) return queued;
      throw error;
    }
  }
}
Reflect.defineMetadata('design:paramtypes', [TasksService, Transactions], LabController);
const route = Object.getOwnPropertyDescriptor(LabController.prototype, 'enqueue');
Post()(LabController.prototype, 'enqueue', route);
Responds({ summary: 'Queue a task of the lab', status: 202 })(LabController.prototype, 'enqueue', route);
Body()(LabController.prototype, 'enqueue', 0);
CurrentCaller()(LabController.prototype, 'enqueue', 1);
Controller('lab')(LabController);

const ownProviders = Reflect.getMetadata('providers', AppModule);
Reflect.defineMetadata('providers', [...ownProviders, ...labTasks], AppModule);
Reflect.defineMetadata('controllers', [LabController], AppModule);
await import('../../../dist/src/main.js');
