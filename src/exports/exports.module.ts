import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';
import { UsersTasksModule } from '../users/users.tasks.module.js';

/** Apart from the users themselves, whom `create-superuser` needs without any queue. */
@Module({
  imports: [TasksModule, UsersTasksModule],
  controllers: [ExportsController],
  providers: [ExportsService],
})
export class ExportsModule {}
