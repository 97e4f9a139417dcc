import { Injectable, Logger } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { Outage } from '../../platform/runtime/outage.js';
import { untraced } from '../../platform/runtime/tracing/tracing.js';
import { TaskChanges, TASKS_CHANGED } from './task-changes.service.js';
import { UpcomingTasks } from './upcoming.service.js';

const RETRY_MILLISECONDS = 500;
// A notification carries at most 8,000 bytes: so many ids of up to 16 digits.
const BATCH = 400;

// A job with fewer attempts than its row belongs to a worker that has lost the task to another one. As many may be the same
// start once more, whose answer got lost. A relay that has the row under way is waited for. Nobody needs the mark after a
// crash of the database, so that its disk is not waited for.
const START = `
  WITH started AS (
    UPDATE task SET status = 'active', attempts = one.attempts, progress = 0, error = NULL, started_at = now(),
      relayed_at = coalesce(relayed_at, now()), version = version + 1, updated_at = now()
    FROM jsonb_to_recordset($1::jsonb) AS one(task_id bigint, round bigint, name text, attempts int)
    WHERE task.id = ANY($2::bigint[]) AND task.id = one.task_id AND task.round = one.round AND task.name = one.name
      AND task.attempts <= one.attempts AND task.status IN ('queued', 'delayed', 'active')
    RETURNING task.id AS task_id, task.owner_user_id, task.payload
  )
  SELECT started.*, set_config('synchronous_commit', 'off', true),
    (SELECT pg_notify('${TASKS_CHANGED}', string_agg(task_id::text, ',')) FROM started)
  FROM started`;

/** One attempt at a task, as the queue tells it. */
export interface Attempt {
  task_id: number;
  round: number;
  /** How often it was started, this time included. */
  attempts: number;
}

/** What is to be run, and for whom. */
export interface StartedTask {
  task_id: number;
  owner_user_id: number | null;
  payload: object;
}

type NamedAttempt = Attempt & { name: string };

interface Waiting {
  attempt: NamedAttempt;
  done: (started: StartedTask | undefined) => void;
}

/**
 * Starts tasks that the queue hands out, if their rows say that they are still to be run: the queue may have got a task
 * after the relay had given up on it, and whoever can write to a Redis can put anything there.
 */
@Injectable()
export class TaskStarts {
  private readonly waiting: Waiting[] = [];
  private isAsking = false;
  private readonly outage = new Outage(new Logger(TaskStarts.name), {
    begins: 'tasks cannot start: the database does not say whether they are still wanted',
    ends: 'tasks begin again',
  });

  constructor(
    private readonly sql: Sql,
    private readonly upcoming: UpcomingTasks,
    private readonly changes: TaskChanges,
  ) {}

  /**
   * Marks the task as active. Those that come at the same time are marked together, and again until the database answers.
   * One whose row was read ahead is marked a little later.
   * @returns undefined when the row is not to be run, or not by that name, in that round and attempt
   */
  start(named: NamedAttempt): StartedTask | Promise<StartedTask | undefined> {
    const { name: _, ...attempt } = named;
    const known = this.upcoming.take(named.task_id, named);
    if (known) {
      this.changes.report({ ...attempt, status: 'active', progress: 0, started: performance.now() });
      return known;
    }
    return new Promise((done) => {
      this.waiting.push({ attempt: named, done });
      if (this.isAsking) return;
      this.isAsking = true;
      setImmediate(() => void untraced(() => this.askAll()));
    });
  }

  private async askAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, BATCH);
      try {
        const started = await this.ask(some.map(({ attempt }) => attempt));
        this.upcoming.readAfter(Math.max(...some.map(({ attempt }) => attempt.task_id)));
        for (const { attempt, done } of some) done(started.get(attempt.task_id));
        this.outage.end();
      } catch (error) {
        this.outage.begin((error as Error).message);
        this.waiting.unshift(...some);
        await new Promise((done) => setTimeout(done, RETRY_MILLISECONDS));
      }
    }
    this.isAsking = false;
  }

  private async ask(attempts: NamedAttempt[]): Promise<Map<number, StartedTask>> {
    const values = [JSON.stringify(attempts), attempts.map(({ task_id }) => task_id)];
    const { rows } = await this.sql.apart<StartedTask>({ name: 'task_start', text: START, values });
    return new Map(rows.map((row) => [row.task_id, row]));
  }
}
