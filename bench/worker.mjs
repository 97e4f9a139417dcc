/**
 * The worker with a task that does nothing, told what to do by messages. With RELAY_ONLY it queues tasks and runs none.
 */
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NoPayload, Task } from '../dist/src/platform/queue/task.js';

let done = 0;
let begun;
let tell;

class Noop {
  async run() {
    begun ??= performance.now();
    if (++done === tell?.count) tell.resolve({ per_second: (done / (performance.now() - begun)) * 1000 });
  }
}
Task('noop', NoPayload)(Noop);

// The queues are known when these modules are evaluated.
const { ConfigModule } = await import('../dist/src/platform/config/config.module.js');
const { DatabaseModule } = await import('../dist/src/platform/database/database.module.js');
const { QueueModule } = await import('../dist/src/platform/queue/queue.module.js');
const { Outbox } = await import('../dist/src/tasks/outbox.service.js');
const { Relay } = await import('../dist/src/tasks/worker/outbox-relay.service.js');
const { TaskChanges } = await import('../dist/src/tasks/worker/task-changes.service.js');
const { SampleTask } = await import('../dist/src/tasks/sample.task.js');
const { WorkerModule } = await import('../dist/src/worker.module.js');

class Program {}
const relayOnly = [ConfigModule.forRoot(), DatabaseModule.forRoot(), QueueModule.forRoot()];
Module(
  process.env.RELAY_ONLY
    ? { imports: relayOnly, providers: [Noop, SampleTask, Outbox, Relay, TaskChanges] }
    : { imports: [WorkerModule], providers: [Noop] },
)(Program);
const app = await NestFactory.createApplicationContext(Program, { logger: ['error'] });

/** Answers when so many have been run. */
process.on('message', ({ count }) => {
  tell = { count, resolve: (answer) => process.send(answer) };
});
process.once('disconnect', () => void app.close().then(() => process.exit()));
process.send({ listening: 'worker' });
