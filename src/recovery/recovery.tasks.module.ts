import { Module } from '@nestjs/common';
import { MailModule } from '../platform/mail/mail.module.js';
import { ForgottenPasswordTask } from './forgotten-password.task.js';
import { ExpiredRecoveryTokensTask } from './tokens/expired-recovery-tokens.task.js';
import { RecoveryTokens } from './tokens/recovery-tokens.service.js';

@Module({
  imports: [MailModule.forFeature('recovery')],
  providers: [RecoveryTokens, ForgottenPasswordTask, ExpiredRecoveryTokensTask],
  exports: [MailModule, RecoveryTokens],
})
export class RecoveryTasksModule {}
