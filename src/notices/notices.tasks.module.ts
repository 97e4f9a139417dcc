import { Module } from '@nestjs/common';
import { MailModule } from '../platform/mail/mail.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { NoticeMails } from './notice-mails.service.js';

/** For API and worker, as things happen to accounts in both. */
@Module({ imports: [AccountEventsModule, MailModule.forFeature('notices')], providers: [NoticeMails] })
export class NoticesTasksModule {}
