import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { AccountEventsModule } from './accounts.events.module.js';
import { DeletedAccountsTask } from './deleted-accounts.task.js';
import { ForgottenResponses } from './forgotten-responses.js';
import { User } from './user.entity.js';
import { ExportedAccount } from './users.dto.js';

@Module({
  imports: [
    AccountEventsModule,
    DatabaseModule.forExport(User, { name: 'account', owner: 'id', as: ExportedAccount, isOne: true }),
  ],
  providers: [DeletedAccountsTask, ForgottenResponses],
})
export class UsersTasksModule {}
