import { Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { Notifications } from '../../platform/database/notifications.js';

const BATCH = 400;
const FEW = 200;
const MAX_BYTES = 4_096;
const MAX_AGE_MILLISECONDS = 5_000;

// Tasks are handed out about in the order of their ids.
const LOOK = `
  SELECT id AS task_id, round, name, owner_user_id, payload FROM task
  WHERE id > $1 AND id <= $1 + ${BATCH} AND status = 'queued' AND attempts = 0 AND relayed_at IS NOT NULL
    AND pg_column_size(payload) <= ${MAX_BYTES}
  ORDER BY id`;

interface Upcoming {
  readAt: number;
  task_id: number;
  round: number;
  name: string;
  owner_user_id: number | null;
  payload: object;
}

type NamedAttempt = Pick<Upcoming, 'round' | 'name'> & { attempts: number };

/**
 * Rows of tasks that are about to be handed out, read ahead, so that short tasks do not each wait for the database. Each is
 * given once, and none after anything was cancelled, or could have been without a word.
 */
@Injectable()
export class UpcomingTasks {
  private readonly rows = new Map<number, Upcoming>();
  private lastId = 0;
  private isReading = false;
  /** Grows with each cancellation. */
  private generation = 0;

  constructor(
    private readonly sql: Sql,
    private readonly notifications: Notifications,
  ) {}

  /** Undefined unless that is a first attempt at a task that was read ahead. */
  take(task_id: number, { round, name, attempts }: NamedAttempt): Upcoming | undefined {
    const row = this.rows.get(task_id);
    if (!row || !this.notifications.isListening || isOld(row)) return undefined;
    this.rows.delete(task_id);
    if (this.rows.size < FEW && this.lastId > task_id) this.readAfter(this.lastId);
    return attempts === 1 && row.round === round && row.name === name ? row : undefined;
  }

  /** Reads the rows after that one, unless it is reading. An error changes nothing. */
  readAfter(task_id: number): void {
    if (this.isReading || !this.notifications.isListening) return;
    this.isReading = true;
    void this.read(task_id)
      .catch(() => undefined)
      .finally(() => (this.isReading = false));
  }

  forget(): void {
    this.generation++;
    this.rows.clear();
  }

  private async read(task_id: number): Promise<void> {
    const { generation } = this;
    const readAt = performance.now();
    const { rows } = await this.sql.apart<Omit<Upcoming, 'readAt'>>({
      name: 'tasks_upcoming',
      text: LOOK,
      values: [task_id],
    });
    if (generation !== this.generation) return;
    for (const row of this.rows.values()) if (isOld(row)) this.rows.delete(row.task_id);
    for (const row of rows) this.rows.set(row.task_id, { ...row, readAt });
    // If there are none, the next run that finds none asks.
    this.lastId = rows.at(-1)?.task_id ?? 0;
  }
}

function isOld({ readAt }: Upcoming): boolean {
  return performance.now() - readAt > MAX_AGE_MILLISECONDS;
}
