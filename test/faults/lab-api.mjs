/** The API, with the tasks of the fault suites and a route that places an order and queues its task in one transaction. */
import { Controller, Inject, Module, Post, Req } from '@nestjs/common';
import { Public } from '../../dist/src/platform/http/access/access.js';
import { Sql } from '../../dist/src/platform/database/sql.js';
import { Transactions } from '../../dist/src/platform/database/transactions.js';
import { TasksModule } from '../../dist/src/tasks/tasks.module.js';
import { TasksService } from '../../dist/src/tasks/tasks.service.js';
import { extend, LabModule, LedgerTask } from './lab-tasks.mjs';

class OrdersController {
  constructor(transactions, sql, tasks) {
    Object.assign(this, { transactions, sql, tasks });
  }

  /** `?n=1&end=commit`; other ends: `roll-back`, `die-before` the commit and `die-after` it. */
  place({ query: { n, end } }) {
    return this.transactions.run(async () => {
      await this.sql.query('INSERT INTO lab.placed (n) VALUES ($1)', [n]);
      await this.tasks.enqueue(LedgerTask, { n: Number(n), milliseconds: 0 });
      if (end === 'roll-back') throw new Error('Rolled back');
      if (end === 'die-before') process.kill(process.pid, 'SIGKILL');
      if (end === 'die-after') this.transactions.afterCommit(() => process.kill(process.pid, 'SIGKILL'));
    });
  }
}
const needs = [Transactions, Sql, TasksService];
for (const [index, token] of needs.entries()) Inject(token)(OrdersController, undefined, index);
const route = Object.getOwnPropertyDescriptor(OrdersController.prototype, 'place');
for (const decorate of [Post('orders'), Public()]) decorate(OrdersController.prototype, 'place', route);
Req()(OrdersController.prototype, 'place', 0);
Controller('lab')(OrdersController);

class OrdersModule {}
Module({ imports: [TasksModule, LabModule], controllers: [OrdersController] })(OrdersModule);

const { AppModule } = await import('../../dist/src/app.module.js');
extend(AppModule, OrdersModule);
await import('../../dist/src/main.js');
