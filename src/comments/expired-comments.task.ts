import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { CommentsConfig } from './comments.config.js';

const UNANSWERED = 'NOT EXISTS (SELECT FROM comment reply WHERE reply.parent_id = comment.id)';
const EMPTY = 'UPDATE comment SET text = NULL, created_by_user_id = NULL WHERE text IS NOT NULL';

/** Purges comments that were deleted long enough ago; of those with replies, a tombstone that nobody has written is left. */
@Task('expired_comments', NoPayload, { schedule: '50 * * * *' })
export class ExpiredCommentsTask implements RunsTask {
  constructor(
    private readonly sql: Sql,
    private readonly config: CommentsConfig,
  ) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number; emptied: number }> {
    const isExpired = `deleted_at < now() - interval '${this.config.DELETED_COMMENT_RETENTION_DAYS} days'`;
    const condition = `${isExpired} AND ${UNANSWERED}`;
    const deleted = await deleteInBatches(this.sql, { table: 'comment', condition, signal });
    const { rowCount } = await this.sql.query(`${EMPTY} AND ${isExpired}`);
    return { deleted, emptied: rowCount! };
  }
}
