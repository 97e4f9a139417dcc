import { Module } from '@nestjs/common';
import { AccountEvents } from './accounts.events.js';
import { AccountNotices } from './notices/account-notices.service.js';

/** Apart from the users themselves, for workers and whoever only listens. */
@Module({ providers: [AccountEvents, AccountNotices], exports: [AccountEvents, AccountNotices] })
export class AccountEventsModule {}
