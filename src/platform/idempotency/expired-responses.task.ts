import { deleteInBatches } from '../database/delete-in-batches.js';
import { Sql } from '../database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../queue/task.js';
import { IdempotencyConfig } from './idempotency.config.js';

/** Deletes responses that were kept for requests with an idempotency key, when they are old enough. */
@Task('expired_responses', NoPayload, { schedule: '25 * * * *' })
export class ExpiredResponsesTask implements RunsTask {
  constructor(
    private readonly sql: Sql,
    private readonly config: IdempotencyConfig,
  ) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = `created_at < now() - interval '${this.config.IDEMPOTENCY_RETENTION_HOURS} hours'`;
    return { deleted: await deleteInBatches(this.sql, { table: 'kept_response', condition, signal }) };
  }
}
