import { Module } from '@nestjs/common';
import { AccountEvents } from './accounts.events.js';

/** Apart from the users themselves, for workers and whoever only listens. */
@Module({ providers: [AccountEvents], exports: [AccountEvents] })
export class AccountEventsModule {}
