import { Module } from '@nestjs/common';
import { CacheModule } from '../platform/cache/cache.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { Post } from '../posts/post.entity.js';
import { PostNotFound } from '../posts/posts.errors.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { Comment } from './comment.entity.js';
import { CommentQuota } from './comment-quota.service.js';
import { CommentThreads } from './comment-threads.service.js';
import { CommentedPost } from './commented-post.dto.js';
import { CommentedPosts } from './commented-posts.service.js';
import { CommentsController } from './comments.controller.js';
import { StoredComment } from './comments.dto.js';
import { AlreadyReported, CommentNotFound, ReportNotFound } from './comments.errors.js';
import './comments.permissions.js';
import { CommentsService } from './comments.service.js';
import { CommentsTasksModule } from './comments.tasks.module.js';
import { ModerationController } from './moderation.controller.js';
import { ModerationService } from './moderation.service.js';
import { ModeratorGuard } from './moderator.guard.js';
import { CommentReport } from './reports/comment-report.entity.js';
import { CommentReportsAdminController } from './reports/comment-reports.admin.controller.js';
import { CommentReportsController } from './reports/comment-reports.controller.js';
import { CommentReportInFull, CommentReportRead } from './reports/comment-reports.dto.js';
import { CommentReportsService } from './reports/comment-reports.service.js';

@Module({
  imports: [
    CacheModule,
    AccountEventsModule,
    CommentsTasksModule,
    DatabaseModule.forFeature(Post, { reads: [CommentedPost], notFound: PostNotFound }),
    DatabaseModule.forFeature(Comment, { reads: [StoredComment], notFound: CommentNotFound }),
    DatabaseModule.forFeature(CommentReport, {
      reads: [CommentReportRead, CommentReportInFull],
      notFound: ReportNotFound,
      violations: { comment_report_comment_id_created_by_user_id_key: AlreadyReported },
    }),
  ],
  controllers: [CommentsController, ModerationController, CommentReportsController, CommentReportsAdminController],
  providers: [
    CommentsService,
    CommentThreads,
    CommentedPosts,
    CommentQuota,
    ModerationService,
    ModeratorGuard,
    CommentReportsService,
  ],
})
export class CommentsModule {}
