import { deleteInBatches } from '../database/delete-in-batches.js';
import { Transactions } from '../database/transactions.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../queue/task.js';

/** Deletes what is known of tasks for longer than they are kept. */
@Task('expired_tasks', NoPayload, { schedule: '*/10 * * * *', retention: { completed: 3_600 } })
export class ExpiredTasksTask implements RunsTask {
  constructor(private readonly transactions: Transactions) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = 'expires_at < now()';
    return { deleted: await deleteInBatches(this.transactions, { table: 'task', condition, signal }) };
  }
}
