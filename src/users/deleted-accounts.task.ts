import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { audit } from '../platform/runtime/log/audit.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { AccountEvents } from './accounts.events.js';
import { AccountsConfig } from './accounts.config.js';

/** Purges accounts that were deleted long enough ago, with everything that belongs to them. */
@Task('deleted_accounts', NoPayload, { schedule: '45 * * * *' })
export class DeletedAccountsTask implements RunsTask {
  constructor(
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly events: AccountEvents,
    private readonly config: AccountsConfig,
  ) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ purged: number }> {
    let purged = 0;
    while (!signal.aborted && (await this.purgeNext())) purged++;
    return { purged };
  }

  /** One at a time: a lot of data may be deleted with each. */
  private async purgeNext(): Promise<boolean> {
    const id = await this.transactions.run(() => this.purgeOne());
    if (id !== undefined) audit('account_purged', { user_id: id });
    return id !== undefined;
  }

  private async purgeOne(): Promise<number | undefined> {
    const { rows } = await this.sql.query<{ id: number }>(
      `SELECT id FROM "user" WHERE is_deleted AND deleted_at < now() - $1 * interval '1 day'
       ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [this.config.DELETED_ACCOUNT_RETENTION_DAYS],
    );
    const [due] = rows;
    if (!due) return undefined;
    await this.events.tell('purged', due.id);
    await this.sql.query('DELETE FROM "user" WHERE id = $1', [due.id]);
    return due.id;
  }
}
