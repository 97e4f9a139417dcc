import { deleteInBatches } from '../database/delete-in-batches.js';
import { Transactions } from '../database/transactions.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../queue/task.js';

/** Deletes sessions a month after they could have been used for the last time. */
@Task('expired_sessions', NoPayload, { schedule: '15 * * * *' })
export class ExpiredSessionsTask implements RunsTask {
  constructor(private readonly transactions: Transactions) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = `expires_at < now() - interval '30 days'`;
    return { deleted: await deleteInBatches(this.transactions, { table: 'auth_session', condition, signal }) };
  }
}
