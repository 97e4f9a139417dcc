import { Transactions } from '../database/transactions.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../queue/task.js';

const BATCH = 1_000;

/** Deletes sessions a month after they could have been used for the last time, a thousand at a time. */
@Task('expired_sessions', NoPayload, { schedule: '15 * * * *' })
export class ExpiredSessionsTask implements RunsTask {
  constructor(private readonly transactions: Transactions) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    let deleted = 0;
    for (let some = BATCH; some === BATCH && !signal.aborted; deleted += some) some = await this.deleteSome();
    return { deleted };
  }

  private async deleteSome(): Promise<number> {
    const [, deleted] = await this.transactions.manager.query<[unknown, number]>(
      `DELETE FROM auth_session WHERE id IN (
         SELECT id FROM auth_session WHERE expires_at < now() - interval '30 days' LIMIT $1)`,
      [BATCH],
    );
    return deleted;
  }
}
