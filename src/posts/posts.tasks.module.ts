import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { ExpiredPostsTask } from './expired-posts.task.js';
import { Post } from './post.entity.js';
import { ExportedPost } from './posts.dto.js';
import { PostsReportTask } from './posts-report.task.js';

@Module({
  imports: [DatabaseModule.forExport(Post, { name: 'posts', owner: 'created_by_user_id', as: ExportedPost })],
  providers: [PostsReportTask, ExpiredPostsTask],
})
export class PostsTasksModule {}
