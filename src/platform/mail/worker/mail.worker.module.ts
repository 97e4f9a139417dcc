import { Module } from '@nestjs/common';
import { DueMails } from './due-mails.js';
import { MailMetrics } from './mail-metrics.js';
import { MailSender } from './mail-sender.js';

/** What sends mail, in the worker. */
@Module({ providers: [DueMails, MailMetrics, MailSender] })
export class MailWorkerModule {}
