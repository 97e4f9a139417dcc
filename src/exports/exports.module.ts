import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';
import { ExportsTasksModule } from './exports.tasks.module.js';

@Module({
  imports: [TasksModule, ExportsTasksModule],
  controllers: [ExportsController],
  providers: [ExportsService],
})
export class ExportsModule {}
