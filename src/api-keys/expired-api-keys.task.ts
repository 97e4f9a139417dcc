import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';

/** Purges keys 30 days after they were revoked or have expired. */
@Task('expired_api_keys', NoPayload, { schedule: '25 * * * *' })
export class ExpiredApiKeysTask implements RunsTask {
  constructor(private readonly sql: Sql) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = `least(deleted_at, expires_at) < now() - interval '30 days'`;
    return { deleted: await deleteInBatches(this.sql, { table: 'api_key', condition, signal }) };
  }
}
