import { Module } from '@nestjs/common';
import { PostPages } from './post-pages.service.js';
import { PostsExport } from './posts-export.service.js';
import { PostsReportTask } from './posts-report.task.js';

@Module({ providers: [PostPages, PostsExport, PostsReportTask] })
export class PostsTasksModule {}
