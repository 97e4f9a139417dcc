import { type DynamicModule, Module } from '@nestjs/common';
import { queues } from '../../platform/queue/queue.js';
import { Attempts } from './attempts.service.js';
import { Effects } from './exactly-once.service.js';
import { Outbox } from '../outbox.service.js';
import { Relay } from './outbox-relay.service.js';
import { RunningTasks } from './running-tasks.service.js';
import { TasksTasksModule } from '../tasks.tasks.module.js';
import { Schedules } from './schedules.service.js';
import { Sweep } from './sweep.service.js';
import { TaskChanges } from './task-changes.service.js';
import { TaskMetrics } from './task-metrics.service.js';
import { TaskStarts } from './task-starts.service.js';
import { runnerOf } from './task-runner.service.js';
import { UpcomingTasks } from './upcoming.service.js';
import { WorkerCheck } from './worker-check.service.js';

/** What a worker does with tasks: it queues them, runs them, and writes what becomes of them. */
@Module({})
export class TasksWorkerModule {
  /** Runs every task that has been imported when it is called. */
  static forRoot(): DynamicModule {
    const runners = [...queues()].map(([queue, limit]) => runnerOf(queue, limit));
    const services = [
      Outbox,
      Relay,
      Sweep,
      Schedules,
      TaskStarts,
      Attempts,
      UpcomingTasks,
      RunningTasks,
      TaskChanges,
      TaskMetrics,
      Effects,
      WorkerCheck,
    ];
    return {
      module: TasksWorkerModule,
      imports: [TasksTasksModule],
      providers: [...services, ...runners],
    };
  }
}
