import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import { jobIdOf } from '../queue/queue.js';
import { inTime, Queues } from '../queue/queues.js';
import { TaskRegistry } from '../queue/task.registry.js';
import { completed, failed } from './endings.js';
import { Outbox } from './outbox.service.js';
import { TaskChanges } from './task-changes.service.js';

const PAUSE_MILLISECONDS = 10_000;
const BATCH = 1_000;
const AT_ONCE = 50;

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
    private readonly transactions: Transactions,
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
      const rows = await this.transactions.manager.query<Row[]>(
        `SELECT id, name, round FROM task
         WHERE status IN ('queued', 'delayed', 'active') AND id > $1 AND name = ANY($2)
           AND relayed_at < now() - interval '1 minute' AND updated_at < now() - interval '1 minute'
         ORDER BY id LIMIT $3`,
        [this.from, this.registry.all.map(({ name }) => name), BATCH],
      );
      for (let start = 0; start < rows.length; start += AT_ONCE) {
        await Promise.all(rows.slice(start, start + AT_ONCE).map((row) => this.compare(row)));
      }
      this.from = rows.length < BATCH ? 0 : rows.at(-1)!.id;
    } catch (error) {
      this.logger.warn(`tasks could not be compared with the queue: ${(error as Error).message}`);
    }
  }

  /** The job itself does not tell how it ended: one that completed may remember why it failed before. */
  private async compare({ id, name, round }: Row): Promise<void> {
    const task = this.registry.get(name)!;
    const queue = this.queues.of(task);
    const jobId = jobIdOf({ task_id: id, round });
    const state = await inTime(queue.getJobState(jobId));
    if (state === 'unknown') {
      this.logger.warn(`task ${name} ${id} is not in the queue any more: queued again`);
      return this.outbox.putAgain({ id, round });
    }
    if (state !== 'completed' && state !== 'failed') return;
    const job = await inTime(queue.getJob(jobId));
    if (!job) return;
    this.changes.report(
      state === 'completed' ? completed(job, job.returnvalue, task) : failed(job, job.failedReason, task),
    );
  }
}
