import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccountExportTask } from './account-export.task.js';

@Module({ imports: [DiscoveryModule], providers: [AccountExportTask] })
export class UsersTasksModule {}
