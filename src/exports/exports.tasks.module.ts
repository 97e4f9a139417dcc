import { Module } from '@nestjs/common';
import { AccountExportTask } from './account-export.task.js';

@Module({ providers: [AccountExportTask] })
export class ExportsTasksModule {}
