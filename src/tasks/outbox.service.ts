import { Injectable } from '@nestjs/common';
import { type Context, context, SpanKind } from '@opentelemetry/api';
import { Notifications } from '../platform/database/notifications.js';
import { isSqlstate, ROW_AT_FAULT } from '../platform/database/sqlstates.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { inSpan, traceparent } from '../platform/runtime/tracing/tracing.js';
import type { TaskQueued } from './tasks.dto.js';
import { TooManyTasks } from './tasks.errors.js';

export const TASKS_PUT = 'tasks_put';
const MAX_TOGETHER = 500;

export interface NewTask {
  name: string;
  payload: object;
  owner_user_id?: number;
  job_key?: string;
  /** Seconds. */
  delay?: number;
  /** How many tasks its owner may have that wait or run, this one included; any number unless given. */
  most?: number;
}

/** As it is written. */
type Put = NewTask & { traceparent?: string };

interface Round {
  id: number;
  round: number;
}

interface Waiting {
  task: Put;
  context: Context;
  done: (task: TaskQueued) => void;
  fail: (error: unknown) => void;
}

const COLUMNS = `name text, payload jsonb, owner_user_id bigint, job_key text, delay float8, most int, traceparent text,
  place int`;

// Ids are drawn first, as nobody promises that rows come back in the order in which they were inserted.
const PUT = `
  WITH given AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('task', 'id')) AS id, one.*, now() + make_interval(secs => delay) AS run_at,
      row_number() OVER (PARTITION BY owner_user_id ORDER BY place) AS nth
    FROM jsonb_to_recordset($1::jsonb) AS one(${COLUMNS})
    ORDER BY place
  ), held AS MATERIALIZED (
    SELECT owner_user_id, (
      SELECT count(*) FROM (
        SELECT FROM task WHERE task.owner_user_id = owner.owner_user_id AND run_at IS NULL AND finished_at IS NULL LIMIT most
      ) AS first
    ) AS n
    FROM (SELECT DISTINCT owner_user_id, most FROM given WHERE most IS NOT NULL) AS owner
  ), put AS (
    INSERT INTO task (id, name, payload, owner_user_id, job_key, run_at, traceparent, status) OVERRIDING SYSTEM VALUE
    SELECT id, name, payload, owner_user_id, job_key, run_at, traceparent,
      CASE WHEN delay > 0 THEN 'delayed' ELSE 'queued' END
    FROM given LEFT JOIN held USING (owner_user_id)
    WHERE most IS NULL OR n + nth <= most
    ON CONFLICT (name, job_key) WHERE job_key IS NOT NULL DO NOTHING
    RETURNING id, name, status
  )
  SELECT put.id, put.name, put.status, given.place, pg_notify('${TASKS_PUT}', '') FROM put JOIN given USING (id)`;

/**
 * The tasks that are to be queued: rows written in the caller's own transaction, which the relay in the worker passes on
 * to the queue. So a task is queued if and only if the transaction commits, whoever dies when.
 */
@Injectable()
export class Outbox {
  private readonly waiting: Waiting[] = [];
  private isWriting = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly notifications: Notifications,
  ) {}

  /** Answers the earlier task if there is one of that name and `job_key`. Throws `TooManyTasks`. */
  put(task: NewTask): Promise<TaskQueued> {
    const attributes = { 'messaging.operation.name': 'enqueue', 'messaging.operation.type': 'send' };
    return inSpan(`enqueue ${task.name}`, { kind: SpanKind.PRODUCER, attributes }, () =>
      this.add({ ...task, traceparent: traceparent() }),
    );
  }

  /** Lets another task have the `job_key` of one that has failed, was cancelled, or completed so many seconds ago. */
  async release(name: string, job_key: string, seconds: number): Promise<void> {
    await this.sql.query(
      `UPDATE task SET job_key = NULL WHERE name = $1 AND job_key = $2 AND (status IN ('failed', 'cancelled')
         OR status = 'completed' AND finished_at < now() - make_interval(secs => $3))`,
      [name, job_key, seconds],
    );
  }

  /** Queues a task again, as if it were new. */
  async putAgain({ id, round }: Round): Promise<void> {
    await this.sql.query(
      `UPDATE task SET status = 'queued', round = round + 1, attempts = 0, progress = 0, error = NULL, run_at = NULL,
         relayed_at = NULL, started_at = NULL, finished_at = NULL, expires_at = NULL, traceparent = coalesce($3, traceparent),
         version = version + 1, updated_at = now()
       WHERE id = $1 AND round = $2`,
      [id, round, traceparent()],
    );
    await this.notifications.notify(TASKS_PUT, '');
  }

  private async add(task: Put): Promise<TaskQueued> {
    if (task.job_key === undefined && !this.transactions.isOpen) return this.putSoon(task);
    const [put] = await this.insert([task]);
    return put ?? this.earlier(task);
  }

  /** Tasks that are put at the same time are written, and committed, together. */
  private putSoon(task: Put): Promise<TaskQueued> {
    return new Promise((done, fail) => {
      this.waiting.push({ task, context: context.active(), done, fail });
      if (this.isWriting) return;
      this.isWriting = true;
      setImmediate(() => void this.write());
    });
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) await this.writeTogether(this.waiting.splice(0, MAX_TOGETHER));
    this.isWriting = false;
  }

  private async writeTogether(some: Waiting[]): Promise<void> {
    try {
      // In traces it is the first one's.
      const put = await context.with(some[0]!.context, () => this.insert(some.map(({ task }) => task)));
      some.forEach(({ done, fail }, place) => (put[place] ? done(put[place]) : fail(new TooManyTasks())));
    } catch (error) {
      const isOneAtFault = some.length > 1 && isSqlstate(error, ROW_AT_FAULT);
      if (isOneAtFault) await Promise.all(some.map((one) => this.writeTogether([one])));
      else for (const { fail } of some) fail(error);
    }
  }

  /** By place; a task that was put before, or is one too many, has none. */
  private async insert(tasks: Put[]): Promise<TaskQueued[]> {
    const given = tasks.map((task, place) => ({ ...task, place }));
    const { rows } = await this.sql.query<TaskQueued & { place: number }>(PUT, [JSON.stringify(given)]);
    const put: TaskQueued[] = [];
    for (const { id, name, status, place } of rows) put[place] = { id, name, status };
    return put;
  }

  private async earlier({ name, job_key }: NewTask): Promise<TaskQueued> {
    const { rows } = await this.sql.query<TaskQueued>(
      'SELECT id, name, status FROM task WHERE name = $1 AND job_key = $2',
      [name, job_key],
    );
    if (!rows[0]) throw new TooManyTasks();
    return rows[0];
  }
}
