import { Module } from '@nestjs/common';
import { SampleTask } from './sample.task.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

@Module({
  controllers: [TasksController],
  providers: [TasksService, SampleTask],
  exports: [TasksService],
})
export class TasksModule {}
