import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { Comment } from './comment.entity.js';
import { ExportedComment } from './comments.dto.js';
import { ExpiredCommentsTask } from './expired-comments.task.js';
import { CommentReport } from './reports/comment-report.entity.js';
import { CommentReportRead } from './reports/comment-reports.dto.js';

const owner = 'created_by_user_id';

@Module({
  imports: [
    DatabaseModule.forExport(Comment, { name: 'comments', owner, as: ExportedComment }),
    DatabaseModule.forExport(CommentReport, { name: 'comment_reports', owner, as: CommentReportRead }),
  ],
  providers: [ExpiredCommentsTask],
})
export class CommentsTasksModule {}
