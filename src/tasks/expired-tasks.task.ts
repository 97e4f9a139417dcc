import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { TasksConfig } from './tasks.config.js';

// The newest one of those that are too many, for each user who has some.
const EXCESS = `
  SELECT owner_user_id, (array_agg(id ORDER BY id DESC))[$1::int + 1] AS id
  FROM task WHERE owner_user_id IS NOT NULL AND finished_at IS NOT NULL
  GROUP BY owner_user_id HAVING count(*) > $1`;

interface Excess {
  owner_user_id: number;
  id: number;
}

/** Deletes tasks whose retention is over, and those above the limit of one user. */
@Task('expired_tasks', NoPayload, { schedule: '*/10 * * * *', retention: { completed: 3_600 } })
export class ExpiredTasksTask implements RunsTask {
  constructor(
    private readonly sql: Sql,
    private readonly config: TasksConfig,
  ) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    let deleted = await deleteInBatches(this.sql, { table: 'task', condition: 'expires_at < now()', signal });
    for (const { owner_user_id, id } of await this.excess()) {
      const condition = `owner_user_id = ${owner_user_id} AND id <= ${id} AND finished_at IS NOT NULL`;
      deleted += await deleteInBatches(this.sql, { table: 'task', condition, signal });
    }
    return { deleted };
  }

  private async excess(): Promise<Excess[]> {
    const most = this.config.TASKS_MAX_KEPT_PER_OWNER;
    return most === 0 ? [] : (await this.sql.query<Excess>(EXCESS, [most])).rows;
  }
}
