import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';
import { AccountEvents } from '../users/accounts.events.js';
import { TASKS_PUT } from './outbox.service.js';
import { TASKS_CHANGED } from './worker/task-changes.service.js';

export const TASKS_CANCELLED = 'tasks_cancelled';
// A notification carries at most 8,000 bytes: so many ids of up to 16 digits.
const BATCH = 400;

// The lock waits for effects that are about to be committed, and keeps later ones from happening.
const cancelWhere = (condition: string) => `
  WITH due AS MATERIALIZED (
    SELECT id FROM task WHERE ${condition} AND status IN ('queued', 'delayed', 'active') ORDER BY id FOR UPDATE
  ), cancelled AS (
    UPDATE task SET status = 'cancelled', relayed_at = coalesce(relayed_at, now()), finished_at = now(),
      expires_at = now() + interval '1 day', version = version + 1, updated_at = now()
    FROM due WHERE task.id = due.id
    RETURNING task.id
  ), parts AS (
    SELECT string_agg(id::text, ',') AS ids, count(*) AS n
    FROM (SELECT id, (row_number() OVER ()) / ${BATCH} AS part FROM cancelled) AS numbered GROUP BY part
  )
  SELECT n, pg_notify('${TASKS_CHANGED}', ids), pg_notify('${TASKS_CANCELLED}', ''), pg_notify('${TASKS_PUT}', '')
  FROM parts`;

const CANCEL = cancelWhere('id = $1');
const CANCEL_ALL = cancelWhere('owner_user_id = $1 AND finished_at IS NULL');

/** Cancels tasks that wait or run, with SQL alone: the worker that runs one is notified, and gives it up. */
@Injectable()
export class Cancellations {
  constructor(
    private readonly sql: Sql,
    accounts: AccountEvents,
  ) {
    const cancelAllOf = (userId: number) => this.cancelAllOf(userId);
    accounts.subscribe({ deleted: cancelAllOf, purged: cancelAllOf });
  }

  /** Says whether it has: a task that has ended is not cancelled. */
  async cancel(id: number): Promise<boolean> {
    return (await this.sql.query(CANCEL, [id])).rows.length > 0;
  }

  /** Makes workers check whether their tasks are still wanted, when the open transaction commits. */
  async tell(): Promise<void> {
    await this.sql.query('SELECT pg_notify($1, $2)', [TASKS_CANCELLED, '']);
  }

  /** Cancels all tasks of a user that wait or run, when the open transaction commits. */
  private async cancelAllOf(owner_user_id: number): Promise<void> {
    await this.sql.query(CANCEL_ALL, [owner_user_id]);
  }
}
