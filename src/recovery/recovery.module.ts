import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountRecoveryService } from './account-recovery.service.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailVerificationService } from './email-verification.service.js';
import { EmailsController } from './emails.controller.js';
import { ForgottenPasswordsController, NewPasswordsController } from './passwords.controller.js';
import { RecoveryTasksModule } from './recovery.tasks.module.js';

@Module({
  imports: [RecoveryTasksModule, TasksModule, AccountEventsModule, UsersModule],
  controllers: [EmailsController, ForgottenPasswordsController, NewPasswordsController],
  providers: [EmailVerificationService, EmailChangeService, AccountRecoveryService],
})
export class RecoveryModule {}
