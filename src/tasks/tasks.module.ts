import { Module } from '@nestjs/common';
import { StreamsModule } from '../auth/access/streams.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { CancellationsModule } from './cancellations.module.js';
import { Outbox } from './outbox.service.js';
import { SubmittedTasks } from './submitted-tasks.service.js';
import { TaskRecord } from './task.entity.js';
import { TaskEvents } from './task-events.service.js';
import { TaskOwnerGuard } from './task-owner.guard.js';
import { TaskStream } from './task-stream.service.js';
import { TasksAdminController } from './tasks.admin.controller.js';
import { TasksController } from './tasks.controller.js';
import { FullTask, TaskRead, TaskState } from './tasks.dto.js';
import { TaskNotFound } from './tasks.errors.js';
import './tasks.permissions.js';
import { TasksService } from './tasks.service.js';
import { TasksTasksModule } from './tasks.tasks.module.js';

@Module({
  imports: [
    CancellationsModule,
    StreamsModule,
    TasksTasksModule,
    DatabaseModule.forFeature(TaskRecord, { reads: [TaskRead, TaskState, FullTask], notFound: TaskNotFound }),
  ],
  controllers: [TasksController, TasksAdminController],
  providers: [TasksService, TaskOwnerGuard, SubmittedTasks, Outbox, TaskEvents, TaskStream],
  exports: [TasksService],
})
export class TasksModule {}
