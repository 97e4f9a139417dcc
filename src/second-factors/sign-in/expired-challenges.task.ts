import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import { Sql } from '../../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../../platform/queue/task.js';

/** Deletes challenges that nobody has answered, and authenticator apps that nobody has confirmed within a day. */
@Task('expired_second_factor_challenges', NoPayload, { schedule: '35 * * * *' })
export class ExpiredChallengesTask implements RunsTask {
  constructor(private readonly sql: Sql) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    await this.sql.query(
      `DELETE FROM second_factor WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day'`,
    );
    const condition = 'expires_at < now()';
    return { deleted: await deleteInBatches(this.sql, { table: 'second_factor_challenge', condition, signal }) };
  }
}
