import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, CurrentCaller } from '../../platform/http/access/caller.js';
import { Responds } from '../../platform/http/responses/response-docs.js';
import { IdOr } from '../../platform/http/requests/path-ids.js';
import { Idempotent } from '../../platform/idempotency/idempotent.js';
import { PostNotFound } from '../../posts/posts.errors.js';
import { AlreadyReported, CommentGone, CommentNotFound, ReportQuotaExceeded } from '../comments.errors.js';
import { CommentReportCreate, CommentReportRead } from './comment-reports.dto.js';
import { CommentReportsService } from './comment-reports.service.js';

@ApiTags('comments')
@Controller('posts/:post_id/comments/:comment_id/reports')
export class CommentReportsController {
  constructor(private readonly reports: CommentReportsService) {}

  @Post()
  @Idempotent()
  @Responds({
    operation: 'reportComment',
    summary: 'Report a comment to the moderators, once',
    status: 201,
    type: CommentReportRead,
    problems: [PostNotFound, CommentNotFound, CommentGone, AlreadyReported, ReportQuotaExceeded],
  })
  create(
    @CurrentCaller() caller: Caller,
    @Param('post_id', new IdOr(PostNotFound)) postId: number,
    @Param('comment_id', new IdOr(CommentNotFound)) id: number,
    @Body() body: CommentReportCreate,
  ): Promise<CommentReportRead> {
    return this.reports.create(caller.id, postId, id, body);
  }
}
