import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { BulkJobOptions, Queue } from 'bullmq';
import { Lookout } from '../../platform/database/lookout.js';
import { Notifications } from '../../platform/database/notifications.js';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import { Outage } from '../../platform/runtime/outage.js';
import { jobIdOf, type TaskJob } from '../../platform/queue/queue.js';
import { type Jobs, Queues } from '../../platform/queue/queues.js';
import type { TaskDefinition } from '../../platform/queue/task.js';
import { TaskRegistry } from '../../platform/queue/task.registry.js';
import { TASKS_PUT } from '../outbox.service.js';
import { TaskChanges } from './task-changes.service.js';
import { TasksConfig } from '../tasks.config.js';

const BATCH = 500;
const SECOND = 1_000;

// Of what a user has to be done now, the queue knows only so many at a time: BullMQ runs tasks in their order, whosever they
// are. Users are found one after the other in an index, however much each of them has waiting. Two relays that look at the
// same time find the same rows, and whoever comes second skips them. Without a bound, $3 is null.
const FIND = `
  WITH RECURSIVE owner(id) AS (
    (SELECT owner_user_id FROM task
      WHERE owner_user_id IS NOT NULL AND run_at IS NULL AND finished_at IS NULL
      ORDER BY owner_user_id, relayed_at, id LIMIT 1)
    UNION ALL
    SELECT (SELECT owner_user_id FROM task
      WHERE owner_user_id > owner.id AND run_at IS NULL AND finished_at IS NULL
      ORDER BY owner_user_id, relayed_at, id LIMIT 1)
    FROM owner WHERE owner.id IS NOT NULL
  ), due AS (
    (SELECT waiting.id FROM owner CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (
        SELECT FROM task WHERE owner_user_id = owner.id AND run_at IS NULL AND finished_at IS NULL
          AND relayed_at IS NOT NULL AND $3::int IS NOT NULL LIMIT $3::int
      ) AS first
    ) AS known CROSS JOIN LATERAL (
      SELECT id FROM task WHERE owner_user_id = owner.id AND run_at IS NULL AND finished_at IS NULL
        AND relayed_at IS NULL AND name = ANY($1) ORDER BY task.relayed_at, id LIMIT $3::int - known.n
    ) AS waiting LIMIT $2)
    UNION ALL
    (SELECT id FROM task WHERE relayed_at IS NULL AND (owner_user_id IS NULL OR run_at IS NOT NULL) AND name = ANY($1)
      ORDER BY task.relayed_at, id LIMIT $2)
  )
  SELECT id AS task_id, name, round, traceparent, greatest(0, extract(epoch FROM run_at - now()))::float8 AS delay
  FROM task WHERE id IN (SELECT id FROM due) AND relayed_at IS NULL
  ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`;

type Row = TaskJob & { name: string; delay: number };

/**
 * Passes tasks from the outbox on to the queue: as soon as it is told, or a task of this worker has ended, and once a
 * second in case nobody could tell.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Relay.name);
  private readonly lookout: Lookout;
  private readonly outage = new Outage(this.logger, {
    begins: 'tasks do not reach the queue',
    ends: 'tasks reach the queue again',
  });

  constructor(
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    notifications: Notifications,
    private readonly queues: Queues,
    private readonly registry: TaskRegistry,
    private readonly config: TasksConfig,
    changes: TaskChanges,
  ) {
    this.lookout = new Lookout(notifications, () => this.outage.during(() => this.passAll()));
    const look = () => this.lookout.look();
    notifications.subscribe(TASKS_PUT, { heard: look, missed: look });
    changes.onOwnedEnd(look);
  }

  onApplicationBootstrap(): void {
    this.lookout.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.lookout.stop();
  }

  private async passAll(): Promise<void> {
    while (!this.lookout.hasStopped && (await this.passSome()) === BATCH);
  }

  /** Marks passed-on rows in the same transaction: if that fails, the queue gets them again, and recognises them. */
  private passSome(): Promise<number> {
    return this.transactions.run(async () => {
      const { rows } = await this.sql.query<Row>({
        name: 'relay_find',
        text: FIND,
        values: [this.registry.all.map(({ name }) => name), BATCH, this.config.TASKS_MAX_RUNNING_PER_OWNER || null],
      });
      if (rows.length === 0) return 0;
      await Promise.all([...this.byQueue(rows)].map(([queue, jobs]) => this.queues.add(queue, jobs)));
      await this.sql.query({
        name: 'relay_mark',
        text: 'UPDATE task SET relayed_at = now() WHERE id = ANY($1)',
        values: [rows.map(({ task_id }) => task_id)],
      });
      return rows.length;
    });
  }

  private byQueue(rows: Row[]): Map<Queue<TaskJob>, Jobs> {
    const jobs = new Map<Queue<TaskJob>, Jobs>();
    for (const { name, delay, ...data } of rows) {
      const task = this.registry.get(name)!;
      const queue = this.queues.of(task);
      if (!jobs.has(queue)) jobs.set(queue, []);
      const opts = { ...optionsOf(task), jobId: jobIdOf(data), delay: Math.ceil(delay * SECOND) };
      jobs.get(queue)!.push({ name, data, opts });
    }
    return jobs;
  }
}

function optionsOf({
  attempts = 3,
  backoff = { type: 'exponential', seconds: 1 },
  priority,
}: TaskDefinition): BulkJobOptions {
  return { attempts, priority, backoff: { type: backoff.type, delay: backoff.seconds * SECOND } };
}
