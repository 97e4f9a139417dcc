import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { AccountEventsModule } from './accounts.events.module.js';
import { DeletedAccountsTask } from './deleted-accounts.task.js';
import { User } from './user.entity.js';
import { ExportedAccount } from './users.dto.js';

@Module({
  imports: [
    AccountEventsModule,
    DatabaseModule.forExport(User, { name: 'account', owner: 'id', as: ExportedAccount, isOne: true }),
  ],
  providers: [DeletedAccountsTask],
})
export class UsersTasksModule {}
