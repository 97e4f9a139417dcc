import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import { Sql } from '../../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../../platform/queue/task.js';

/** Deletes what is remembered of browsers that have not come back from a provider. */
@Task('expired_social_attempts', NoPayload, { schedule: '*/10 * * * *' })
export class ExpiredSocialAttemptsTask implements RunsTask {
  constructor(private readonly sql: Sql) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = `created_at < now() - interval '10 minutes'`;
    return { deleted: await deleteInBatches(this.sql, { table: 'social_attempt', condition, signal }) };
  }
}
