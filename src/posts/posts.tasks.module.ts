import { Module } from '@nestjs/common';
import { ExpiredPostsTask } from './expired-posts.task.js';
import { PostsReportTask } from './posts-report.task.js';

@Module({ providers: [PostsReportTask, ExpiredPostsTask] })
export class PostsTasksModule {}
