import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { ExpiredTasksTask } from './expired-tasks.task.js';
import { SampleTask } from './sample.task.js';
import { TaskRecord } from './task.entity.js';
import { ExportedTask } from './tasks.dto.js';

@Module({
  imports: [DatabaseModule.forExport(TaskRecord, { name: 'tasks', owner: 'owner_user_id', as: ExportedTask })],
  providers: [SampleTask, ExpiredTasksTask],
})
export class TasksTasksModule {}
