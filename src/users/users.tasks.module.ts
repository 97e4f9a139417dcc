import { Module } from '@nestjs/common';
import { AccountExportTask } from '../exports/account-export.task.js';
import { DeletedAccountsTask } from './deleted-accounts.task.js';

@Module({ providers: [AccountExportTask, DeletedAccountsTask] })
export class UsersTasksModule {}
