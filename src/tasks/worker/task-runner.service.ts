import { randomInt } from 'node:crypto';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Logger, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { settingsOf } from '../../platform/config/settings.js';
import { inLogScope } from '../../platform/runtime/log/log-scope.js';
import { inSpan } from '../../platform/runtime/tracing/tracing.js';
import { workerConnection } from '../../platform/queue/connections.js';
import { WorkerConfig } from '../../platform/queue/queue.config.js';
import type { TaskJob } from '../../platform/queue/queue.js';
import { Queues } from '../../platform/queue/queues.js';
import { TaskRegistry } from '../../platform/queue/task.registry.js';
import { Attempts } from './attempts.service.js';
import { changeOf, completed, failed } from './outcomes.js';
import { Failure, Withdrawn } from './failures.js';
import { isSound, spanOf } from './jobs.js';
import { Runs } from './runs.js';
import { storable } from './storable-result.js';
import { type Change, TaskChanges } from './task-changes.service.js';
import { TaskMetrics } from './task-metrics.service.js';
import { WorkerCheck } from './worker-check.service.js';

const SECOND = 1_000;
// With how many dead workers a task counts as failed.
const MAX_DEATHS = 5;
const SUSPECT_MILLISECONDS = 1_000;
const UNKNOWN_MILLISECONDS = 5_000;

const OPTIONS = {
  // After the worker's checks have passed.
  autorun: false,
  // How soon a worker looks again for a database that is gone; BullMQ's own 15 s are a long time to wait for a restart.
  runRetryDelay: SECOND,
  // How long a task stays with a silent worker. The watchdog ends a blocked worker before that.
  lockDuration: 20 * SECOND,
  lockRenewTime: 5 * SECOND,
  stalledInterval: 5 * SECOND,
  // Deaths are counted here.
  maxStalledCount: 1_000_000,
};

/** Aborted by us: back to the queue, without counting as an attempt. */
class Interrupted extends Error {}

/** Runs the tasks of one queue, in the worker process. */
abstract class TaskRunner extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  @Inject() private readonly registry!: TaskRegistry;
  @Inject() private readonly config!: WorkerConfig;
  @Inject() private readonly attempts!: Attempts;
  @Inject() private readonly changes!: TaskChanges;
  @Inject() private readonly metrics!: TaskMetrics;
  @Inject() private readonly queues!: Queues;
  @Inject() private readonly check!: WorkerCheck;
  private readonly logger = new Logger('TaskRunner');
  private readonly runs = new Runs();
  /** The result of completed jobs in the queue: nothing. */
  private readonly results = new WeakMap<Job<TaskJob>, unknown>();
  private isWithSuspect = false;

  /** Throws what `WorkerCheck` throws, and when a queue in PostgreSQL cannot be reached: BullMQ would never try again. */
  async onApplicationBootstrap(): Promise<void> {
    this.worker.on('error', (error) => this.queues.report(error));
    this.worker.on('completed', (job: Job<TaskJob>) => this.complete(job));
    this.worker.on('failed', (job: Job<TaskJob> | undefined, error) => job && this.fail(job, error));
    await this.check.pass();
    if (this.queues.isInPostgres) await this.worker.waitUntilReady();
    this.worker.run().catch((error: Error) => this.logger.error(error));
  }

  /** Lets running tasks finish, for as long as the settings allow, while their database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    const stop = () => this.runs.stop(new Interrupted());
    const deadline = setTimeout(stop, this.config.WORKER_SHUTDOWN_SECONDS * SECOND);
    await this.worker.pause(true);
    await this.runs.over();
    // BullMQ would wait for a Redis that is away.
    const isThere = this.queues.isInPostgres || (await this.queues.ping().catch(() => false));
    await this.worker.close(!isThere);
    clearTimeout(deadline);
    await this.changes.finish();
  }

  override async process(job: Job<TaskJob>, token?: string): Promise<void> {
    if (!isSound(job)) throw new Withdrawn();
    const task = this.registry.get(job.name);
    // While a release is rolled out, a newer worker knows it.
    if (!task) return this.putBack(job, token, UNKNOWN_MILLISECONDS);
    const deaths = job.stalledCounter;
    if (deaths >= MAX_DEATHS) throw new UnrecoverableError(`${deaths} workers died while running it`);
    // Workers that die take what they run along. One task at a time that was there when one died: what is innocent gets
    // through, and what is guilty takes no other such task along.
    if (deaths > 0 && this.isWithSuspect)
      return this.putBack(job, token, randomInt(SUSPECT_MILLISECONDS, 2 * SUSPECT_MILLISECONDS));
    if (deaths > 0) this.isWithSuspect = true;
    try {
      const run = () => inSpan(`run ${task.name}`, spanOf(task, job), () => this.attempts.run(this.runs, task, job));
      this.results.set(job, await inLogScope({ task_id: job.data.task_id }, run));
    } catch (error) {
      if (error instanceof Interrupted) return await this.putBack(job, token, 0);
      throw error instanceof Withdrawn ? error : new Failure(error);
    } finally {
      if (deaths > 0) this.isWithSuspect = false;
    }
  }

  private async putBack(job: Job<TaskJob>, token: string | undefined, milliseconds: number): Promise<never> {
    await job.moveToDelayed(Date.now() + milliseconds, token);
    this.changes.report(changeOf(job, milliseconds > 0 ? 'delayed' : 'queued'));
    throw new DelayedError();
  }

  private complete(job: Job<TaskJob>): void {
    this.end(job, completed(job, this.results.get(job), this.registry.get(job.name)!));
  }

  private fail(job: Job<TaskJob>, error: Error): void {
    if (error instanceof DelayedError || error instanceof Withdrawn) return;
    const cause = error instanceof Failure ? error.cause : error;
    const message = storable(cause instanceof Error ? cause.message : String(cause));
    const [task, stack] = [`task ${job.name} ${job.data.task_id}`, (cause as Error | undefined)?.stack];
    if (job.finishedOn === undefined) {
      this.logger.warn(`attempt ${job.attemptsMade} of ${job.opts.attempts} of ${task} failed: ${message}`, stack);
      return this.changes.report({ ...changeOf(job, 'delayed'), error: message });
    }
    this.logger.error(`${task} failed: ${message}`, stack);
    this.end(job, failed(job, message, this.registry.get(job.name)!));
  }

  private end(job: Job<TaskJob>, change: Change): void {
    this.changes.report(change);
    this.metrics.ended(job.name, change.status, (job.finishedOn! - job.processedOn!) / SECOND);
  }
}

/** The runner of one queue; Nest makes a worker of each class that is a `@Processor`. */
export function runnerOf(queue: string, limit: number | undefined): Type<TaskRunner> {
  const concurrency = limit ?? settingsOf(WorkerConfig).WORKER_CONCURRENCY;

  @Processor(queue, { ...OPTIONS, concurrency, connection: workerConnection(concurrency) })
  class Runner extends TaskRunner {}
  return Runner;
}
