import { Injectable } from '@nestjs/common';
import type { Precondition } from '../../platform/http/caching/preconditions.js';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../../platform/database/crud/pages.js';
import { Transactions } from '../../platform/database/transactions.js';
import { pageOf } from '../../platform/http/lists/page-of.js';
import type { KeysetQuery } from '../../platform/http/lists/pagination.js';
import { CommentQuota } from '../comment-quota.service.js';
import { CommentThreads } from '../comment-threads.service.js';
import { CommentGone } from '../comments.errors.js';
import { CommentReport } from './comment-report.entity.js';
import { type CommentReportCreate, CommentReportInFull, CommentReportRead } from './comment-reports.dto.js';

/** What readers say of comments, for moderators. */
@Injectable()
export class CommentReportsService {
  constructor(
    @InjectCrud(CommentReport) private readonly reports: Crud<CommentReport>,
    private readonly threads: CommentThreads,
    private readonly quota: CommentQuota,
    private readonly transactions: Transactions,
  ) {}

  /** Throws `PostNotFound`, `CommentNotFound`, `CommentGone`, `AlreadyReported`, `ReportQuotaExceeded`. */
  create(userId: number, postId: number, id: number, { reason }: CommentReportCreate): Promise<CommentReportRead> {
    return this.transactions.run(async () => {
      const comment = await this.threads.read(postId, id);
      if (comment.text === null) throw new CommentGone();
      const values = { comment_id: id, reason, created_by_user_id: userId };
      const report = await this.reports.create(values, CommentReportRead);
      this.quota.requireReports(await this.reports.count({ created_by_user_id: userId }));
      return report;
    });
  }

  list(query: KeysetQuery): Promise<NumberedPage<CommentReportInFull> | KeysetPage<CommentReportInFull>> {
    return pageOf(this.reports, {}, CommentReportInFull, query);
  }

  /** Throws `ReportNotFound`. */
  dismiss(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      await this.reports.dbDeleteOrThrow({ id });
      ifMatch?.(undefined);
    });
  }
}
