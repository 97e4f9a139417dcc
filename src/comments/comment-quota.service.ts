import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Sql } from '../platform/database/sql.js';
import { Probes } from '../platform/health/probes.js';
import type { CommentUsage } from './comment-usage.entity.js';
import { CommentsConfig } from './comments.config.js';
import { CommentQuotaExceeded, ReportQuotaExceeded } from './comments.errors.js';

const USAGE = { name: 'comment_usage', text: 'SELECT comments, bytes FROM comment_usage WHERE user_id = $1' };

/** Limits the number and the size of a user's comments, and the number of their reports. */
@Injectable()
export class CommentQuota {
  private readonly refused: Counter;

  constructor(
    private readonly sql: Sql,
    private readonly config: CommentsConfig,
    { registry }: Probes,
  ) {
    const [name, help] = [
      'comments_refused_total',
      'Comments and reports refused because their author has stored too many',
    ];
    this.refused = new Counter({ name, help, registers: [registry] });
  }

  /**
   * Holds a user to the quota, in the transaction that has written: until it ends, others wait to write for that user.
   * Throws `CommentQuotaExceeded`.
   */
  async require(userId: number): Promise<void> {
    const { COMMENTS_MAX_PER_OWNER: comments, COMMENTS_MAX_BYTES_PER_OWNER: bytes } = this.config;
    const { rows } = await this.sql.query<Pick<CommentUsage, 'comments' | 'bytes'>>({ ...USAGE, values: [userId] });
    if (isWithin(rows[0]!.comments, comments) && isWithin(rows[0]!.bytes, bytes)) return;
    this.refuse(CommentQuotaExceeded);
  }

  /** Throws `ReportQuotaExceeded`. */
  requireReports(count: number): void {
    if (!isWithin(count, this.config.COMMENT_REPORTS_MAX_PER_OWNER)) this.refuse(ReportQuotaExceeded);
  }

  private refuse(Exceeded: new () => Error): never {
    this.refused.inc();
    throw new Exceeded();
  }
}

function isWithin(used: number, quota: number): boolean {
  return quota === 0 || used <= quota;
}
