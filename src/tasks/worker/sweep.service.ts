import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { jobIdOf } from '../../platform/queue/queue.js';
import { inTime, Queues } from '../../platform/queue/queues.js';
import { TaskRegistry } from '../../platform/queue/task.registry.js';
import { failed } from './outcomes.js';
import { Withdrawn } from './failures.js';
import { Outbox } from '../outbox.service.js';
import { TaskChanges } from './task-changes.service.js';

const PAUSE_MILLISECONDS = 10_000;
const WRITE_MILLISECONDS = 1_000;
const BATCH = 1_000;
const AT_ONCE = 50;

const UNHEARD = `
  SELECT id, name, round FROM task
  WHERE status IN ('queued', 'delayed', 'active')
    AND relayed_at < now() - interval '1 minute' AND updated_at < now() - interval '1 minute'`;

interface Row {
  id: number;
  name: string;
  round: number;
}

/**
 * Compares rows of tasks that nothing was heard of for a minute with the queue, 1,000 every ten seconds: a worker may have
 * died before it could write how a task ended, and Redis may have lost what it held.
 */
@Injectable()
export class Sweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Sweep.name);
  private timer?: NodeJS.Timeout;
  private sweeping?: Promise<void>;
  private from = 0;

  constructor(
    private readonly sql: Sql,
    private readonly queues: Queues,
    private readonly registry: TaskRegistry,
    private readonly outbox: Outbox,
    private readonly changes: TaskChanges,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
    }, PAUSE_MILLISECONDS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    try {
      const { rows } = await this.sql.query<Row>(`${UNHEARD} AND id > $1 AND name = ANY($2) ORDER BY id LIMIT $3`, [
        this.from,
        this.registry.all.map(({ name }) => name),
        BATCH,
      ]);
      for (let start = 0; start < rows.length; start += AT_ONCE) {
        const some = rows.slice(start, start + AT_ONCE);
        const lost = await Promise.all(some.map((row) => this.compare(row)));
        await this.queueAgain(some.filter((_, place) => lost[place]));
      }
      this.from = rows.length < BATCH ? 0 : rows.at(-1)!.id;
    } catch (error) {
      this.logger.warn(`tasks could not be compared with the queue: ${(error as Error).message}`);
    }
  }

  /** Says whether the queue has lost the task, or never knew what it gave. */
  private async compare({ id, name, round }: Row): Promise<boolean> {
    const task = this.registry.get(name)!;
    const queue = this.queues.of(task);
    const jobId = jobIdOf({ task_id: id, round });
    const state = await inTime(queue.getJobState(jobId));
    if (state === 'unknown' || state === 'completed') return true;
    const job = state === 'failed' ? await inTime(queue.getJob(jobId)) : undefined;
    if (!job) return false;
    if (job.failedReason === new Withdrawn().message) return true;
    this.changes.report(failed(job, job.failedReason, task));
    return false;
  }

  /** Those that still have no news: a worker may just be storing how they ended. */
  private async queueAgain(lost: Row[]): Promise<void> {
    if (lost.length === 0) return;
    await sleep(WRITE_MILLISECONDS);
    const { rows } = await this.sql.query<Row>(`${UNHEARD} AND id = ANY($1)`, [lost.map(({ id }) => id)]);
    for (const { id, name, round } of rows) {
      this.logger.warn(`task ${name} ${id} is no longer in the queue, or its result was lost: queued again`);
      await this.outbox.putAgain({ id, round });
    }
  }
}
