import { Module } from '@nestjs/common';
import { AccountEventsModule } from './accounts.events.module.js';
import { DeletedAccountsTask } from './deleted-accounts.task.js';

@Module({ imports: [AccountEventsModule], providers: [DeletedAccountsTask] })
export class UsersTasksModule {}
