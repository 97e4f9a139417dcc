import { Module } from '@nestjs/common';
import { PostsReportTask } from './posts-report.task.js';

@Module({ providers: [PostsReportTask] })
export class PostsTasksModule {}
