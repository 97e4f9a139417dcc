import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { WebhooksConfig } from './webhooks.config.js';

/** Deletes events that are old enough, with their deliveries. */
@Task('expired_webhook_events', NoPayload, { schedule: '55 * * * *' })
export class ExpiredWebhookEventsTask implements RunsTask {
  constructor(
    private readonly sql: Sql,
    private readonly config: WebhooksConfig,
  ) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const condition = `created_at < now() - interval '${this.config.WEBHOOK_RETENTION_DAYS} days'`;
    return { deleted: await deleteInBatches(this.sql, { table: 'webhook_event', condition, signal }) };
  }
}
