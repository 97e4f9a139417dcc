import { Module } from '@nestjs/common';
import { MailModule } from '../../src/platform/mail/mail.module.js';
import { TasksModule } from '../../src/tasks/tasks.module.js';
import { LabFilesController } from './files/lab-files.controller.js';
import { HeardEvents } from './heard-events.js';
import { LabMailsController } from './mails/lab-mails.controller.js';
import { LabProductsModule } from './products/products.module.js';
import { LabTasksController } from './tasks/lab-tasks.controller.js';
import { LabTasksModule } from './tasks/lab-tasks.module.js';

/** What the lab adds to the API: a domain with every kind of field, relation and write, and tasks of every kind, files and mail. */
@Module({
  imports: [LabProductsModule, LabTasksModule, TasksModule, MailModule.forFeature('lab')],
  controllers: [LabTasksController, LabFilesController, LabMailsController],
  providers: [HeardEvents],
})
export class LabModule {}
