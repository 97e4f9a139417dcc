import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import { Sql } from '../../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../../platform/queue/task.js';

/** Deletes tokens that have ended, a day after they were sent. */
@Task('expired_recovery_tokens', NoPayload, { schedule: '25 * * * *' })
export class ExpiredRecoveryTokensTask implements RunsTask {
  constructor(private readonly sql: Sql) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = `created_at < now() - interval '1 day' AND (ended_at IS NOT NULL OR expires_at < now())`;
    return { deleted: await deleteInBatches(this.sql, { table: 'recovery_token', condition, signal }) };
  }
}
