import { Transactions } from '../database/transactions.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../queue/task.js';

const BATCH = 1_000;

/** Deletes what is known of tasks for longer than they are kept, a thousand at a time. */
@Task('expired_tasks', NoPayload, { schedule: '*/10 * * * *', retention: { completed: 3_600 } })
export class ExpiredTasksTask implements RunsTask {
  constructor(private readonly transactions: Transactions) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    let deleted = 0;
    for (let some = BATCH; some === BATCH && !signal.aborted; deleted += some) some = await this.deleteSome();
    return { deleted };
  }

  private async deleteSome(): Promise<number> {
    const [, deleted] = await this.transactions.manager.query<[unknown, number]>(
      'DELETE FROM task WHERE id IN (SELECT id FROM task WHERE expires_at < now() LIMIT $1)',
      [BATCH],
    );
    return deleted;
  }
}
