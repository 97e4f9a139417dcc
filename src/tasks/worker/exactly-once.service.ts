import { Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Attempt } from './task-starts.service.js';
import { Withdrawn } from './failures.js';

// Whoever cancels or deletes the task waits for this lock, and who writes its progress does not. The number of attempts may
// be lower after a crash of the database.
const HOLD = `
  SELECT 1 FROM task
  WHERE id = $1 AND round = $2 AND attempts <= $3 AND status IN ('queued', 'delayed', 'active') FOR KEY SHARE`;

/** Effects of tasks that happen exactly once, as a unique key is written along with them. */
@Injectable()
export class Effects {
  constructor(
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {}

  /**
   * Of two that try at once, the second waits until the first has committed. Throws `Withdrawn` when the task is
   * cancelled, or another attempt has begun.
   */
  once<T>({ task_id, round, attempts }: Attempt, effect: () => Promise<T>, name = ''): Promise<T | undefined> {
    return this.transactions.run(async () => {
      if ((await this.sql.query(HOLD, [task_id, round, attempts])).rowCount === 0) throw new Withdrawn();
      const insert = 'INSERT INTO task_effect (task_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING';
      const { rowCount } = await this.sql.query(insert, [task_id, name]);
      return rowCount === 1 ? effect() : undefined;
    });
  }
}
