import { Injectable, Logger } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { untraced } from '../../platform/runtime/tracing/tracing.js';
import type { TaskStatus } from '../task.entity.js';

export const TASKS_CHANGED = 'tasks_changed';
// A notification carries at most 8,000 bytes: so many ids of up to 16 digits.
const BATCH = 400;
const MANY = 10_000;
const TOGETHER_MILLISECONDS = 10;
const RETRY_MILLISECONDS = 500;

/** What has become of a task in one attempt. What is undefined stays as it was. */
export interface Change {
  task_id: number;
  round: number;
  attempts: number;
  status: TaskStatus;
  progress?: number;
  /** JSON. */
  result?: string;
  error?: string;
  /** When it happened, by this process's clock of `performance.now()`. */
  started?: number;
  finished?: number;
  /** Seconds. */
  retention?: number;
}

const COLUMNS = `task_id bigint, round bigint, attempts int, status text, progress smallint, result text, error text,
  started float8, finished float8, retention float8`;

const STARTED = 'coalesce(now() - make_interval(secs => one.started), task.started_at)';
// Times are told as ages, so that all of them are of the database's clock, which two cores may read some milliseconds apart.
// Whoever lost a task to another worker has the lower number of attempts, and changes nothing any more; nor does whoever
// puts back what was cancelled. Without the list of ids PostgreSQL would read the whole table.
const CHANGE = `
  WITH changed AS (
    UPDATE task SET
      status = one.status, attempts = one.attempts,
      progress = coalesce(one.progress, task.progress),
      result = one.result::jsonb, error = one.error,
      started_at = ${STARTED},
      finished_at = CASE WHEN one.finished IS NOT NULL
        THEN greatest(${STARTED}, now() - make_interval(secs => one.finished)) END,
      expires_at = now() + make_interval(secs => one.retention),
      version = version + 1, updated_at = now()
    FROM jsonb_to_recordset($1::jsonb) AS one(${COLUMNS})
    WHERE task.id = ANY($2::bigint[]) AND task.id = one.task_id AND task.round = one.round AND task.status <> 'cancelled'
      AND (one.attempts > task.attempts OR one.attempts = task.attempts AND task.finished_at IS NULL)
    RETURNING task.id, task.owner_user_id, task.finished_at
  )
  SELECT pg_notify('${TASKS_CHANGED}', string_agg(id::text, ',')),
    bool_or(owner_user_id IS NOT NULL AND finished_at IS NOT NULL) AS has_owned_end
  FROM changed HAVING count(*) > 0`;

/**
 * Writes what becomes of tasks into their rows: what happens within 10 ms together, as most tasks are short, and again
 * until the database takes it.
 */
@Injectable()
export class TaskChanges {
  private readonly logger = new Logger(TaskChanges.name);
  private readonly changes = new Map<number, Change>();
  private writing?: Promise<void>;
  private isStopped = false;
  private ownedEnd: () => void = () => undefined;

  constructor(private readonly sql: Sql) {}

  /** Calls `then` whenever tasks that have owners have ended. */
  onOwnedEnd(then: () => void): void {
    this.ownedEnd = then;
  }

  report(change: Change): void {
    const { task_id, round } = change;
    const known = this.changes.get(task_id);
    this.changes.set(task_id, known?.round === round ? { ...known, ...change } : change);
    this.writing ??= untraced(() => this.writeAll()).finally(() => (this.writing = undefined));
  }

  /** Waits while there are more changes to write than should be kept in memory. */
  async room(): Promise<void> {
    while (this.changes.size > MANY) await this.writing;
  }

  /** Writes the rest, once nothing runs any more; after a database that cannot be reached, `Sweep` finds out. */
  async finish(): Promise<void> {
    this.isStopped = true;
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    await pause(TOGETHER_MILLISECONDS);
    while (this.changes.size > 0) {
      const some = [...this.changes.values()].slice(0, BATCH);
      for (const { task_id } of some) this.changes.delete(task_id);
      try {
        await this.write(some);
      } catch (error) {
        this.logger.warn(`the states of ${some.length} tasks could not be written: ${(error as Error).message}`);
        for (const one of some) this.changes.set(one.task_id, { ...one, ...this.changes.get(one.task_id) });
        if (this.isStopped) return;
        await pause(RETRY_MILLISECONDS);
      }
    }
  }

  private async write(some: Change[]): Promise<void> {
    const now = performance.now();
    const age = (instant?: number) => (instant === undefined ? undefined : (now - instant) / 1000);
    const given = some.map((one) => ({ ...one, started: age(one.started), finished: age(one.finished) }));
    const ids = some.map(({ task_id }) => task_id);
    const values = [JSON.stringify(given), ids];
    const { rows } = await this.sql.apart<{ has_owned_end: boolean }>({ name: 'task_changes', text: CHANGE, values });
    if (rows[0]?.has_owned_end) this.ownedEnd();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
