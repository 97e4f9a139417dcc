import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../../platform/database/crud/pages.js';
import { Requires } from '../../platform/http/access/access.js';
import { Responds } from '../../platform/http/responses/response-docs.js';
import { IdOr } from '../../platform/http/requests/path-ids.js';
import { KeysetQuery, PageOf } from '../../platform/http/lists/pagination.js';
import { ReportNotFound } from '../comments.errors.js';
import { CommentReportInFull } from './comment-reports.dto.js';
import { CommentReportsService } from './comment-reports.service.js';

@ApiTags('admin')
@Controller('admin/comments/reports')
@Requires('comments.moderate')
export class CommentReportsAdminController {
  constructor(private readonly reports: CommentReportsService) {}

  @Get()
  @Responds({
    operation: 'listCommentReports',
    summary: 'List the reports of comments, newest first',
    type: PageOf(CommentReportInFull, { keyset: true }),
  })
  list(@Query() query: KeysetQuery): Promise<NumberedPage<CommentReportInFull> | KeysetPage<CommentReportInFull>> {
    return this.reports.list(query);
  }

  @Delete(':report_id')
  @Responds({ operation: 'dismissCommentReport', summary: 'Dismiss a report', status: 204, problems: [ReportNotFound] })
  dismiss(@Param('report_id', new IdOr(ReportNotFound)) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.reports.dismiss(id, ifMatch);
  }
}
