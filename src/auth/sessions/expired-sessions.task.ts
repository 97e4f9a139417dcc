import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import { Sql } from '../../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../../platform/queue/task.js';

/** Deletes sessions a day after they have ended, and wrong passwords a day after the last one. */
@Task('expired_sessions', NoPayload, { schedule: '15 * * * *' })
export class ExpiredSessionsTask implements RunsTask {
  constructor(private readonly sql: Sql) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    await this.sql.query(`DELETE FROM auth_failure WHERE failed_at < now() - interval '1 day'`);
    const condition = `least(revoked_at, idle_expires_at, expires_at) < now() - interval '1 day'`;
    return { deleted: await deleteInBatches(this.sql, { table: 'auth_session', condition, signal }) };
  }
}
