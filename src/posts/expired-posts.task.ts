import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { PostsConfig } from './posts.config.js';

/** Purges posts that were deleted long enough ago. */
@Task('expired_posts', NoPayload, { schedule: '45 * * * *' })
export class ExpiredPostsTask implements RunsTask {
  constructor(
    private readonly sql: Sql,
    private readonly config: PostsConfig,
  ) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = `deleted_at < now() - interval '${this.config.DELETED_POST_RETENTION_DAYS} days'`;
    return { deleted: await deleteInBatches(this.sql, { table: 'post', condition, signal }) };
  }
}
