import { randomInt } from 'node:crypto';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Logger, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { settingsOf } from '../config/settings.js';
import { inSpan } from '../process/tracing.js';
import { workerConnection } from '../queue/connections.js';
import { WorkerConfig } from '../queue/queue.config.js';
import { queueOf, type TaskJob } from '../queue/queue.js';
import { Queues } from '../queue/queues.js';
import type { RunsTask, TaskDefinition } from '../queue/task.js';
import { TaskRegistry } from '../queue/task.registry.js';
import { Claims } from './claims.service.js';
import { Effects } from './effects.service.js';
import { changeOf, completed, failed } from './endings.js';
import { Runs } from './runs.js';
import { type Change, TaskChanges } from './task-changes.service.js';
import { TaskMetrics } from './task-metrics.service.js';
import { WorkerCheck } from './worker-check.service.js';

const SECOND = 1_000;
const HOUR_SECONDS = 3_600;
// With how many dead workers a task counts as failed.
const MAX_DEATHS = 5;
const SUSPECT_MILLISECONDS = 1_000;
const UNKNOWN_MILLISECONDS = 5_000;

const OPTIONS = {
  // Once it is clear that this worker may.
  autorun: false,
  // How soon a worker looks again for a database that is gone; BullMQ's own 15 s are a long time to wait for a restart.
  runRetryDelay: SECOND,
  // How long a task stays with a worker that says nothing any more. Its watchdog ends a blocked one before that.
  lockDuration: 20 * SECOND,
  lockRenewTime: 5 * SECOND,
  stalledInterval: 5 * SECOND,
  // Deaths are counted here.
  maxStalledCount: 1_000_000,
};

// What JSON writes of NUL and lone surrogates, which PostgreSQL does not take.
const UNSTORABLE = /\\u(0000|d[89a-f])/i;

/** Cut short by us: back to the queue, without an attempt spent. */
class Interrupted extends Error {}

/** The queue had what is not to be run any more. */
class Withdrawn extends UnrecoverableError {
  constructor() {
    super('It was cancelled or queued anew before it began');
  }
}

/** Runs the tasks of one queue, in the worker process. */
abstract class TaskRunner extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  @Inject() private readonly registry!: TaskRegistry;
  @Inject() private readonly config!: WorkerConfig;
  @Inject() private readonly claims!: Claims;
  @Inject() private readonly changes!: TaskChanges;
  @Inject() private readonly effects!: Effects;
  @Inject() private readonly metrics!: TaskMetrics;
  @Inject() private readonly queues!: Queues;
  @Inject() private readonly check!: WorkerCheck;
  private readonly logger = new Logger('TaskRunner');
  private readonly runs = new Runs();
  private isWithSuspect = false;

  /** Throws what `WorkerCheck` throws, and when a queue in PostgreSQL cannot be reached: BullMQ would never try again. */
  async onApplicationBootstrap(): Promise<void> {
    this.worker.on('error', (error) => this.queues.report(error));
    this.worker.on('completed', (job: Job<TaskJob>, result: unknown) => this.complete(job, result));
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

  override async process(job: Job<TaskJob>, token?: string): Promise<unknown> {
    const task = this.registry.get(job.name);
    // While a release is rolled out, a newer worker knows it.
    if (!task) return this.putBack(job, token, UNKNOWN_MILLISECONDS);
    const deaths = job.stalledCounter;
    if (deaths >= MAX_DEATHS) throw new UnrecoverableError(`${deaths} workers have died while they ran it`);
    // Workers that die take what they run along. One task at a time that was there when one died: what is innocent gets
    // through, and what is guilty takes no other such task along.
    if (deaths > 0 && this.isWithSuspect)
      return this.putBack(job, token, randomInt(SUSPECT_MILLISECONDS, 2 * SUSPECT_MILLISECONDS));
    if (deaths > 0) this.isWithSuspect = true;
    try {
      return await inSpan(`run ${task.name}`, spanOf(task, job), () => this.run(task, job));
    } catch (error) {
      if (error instanceof Interrupted) return await this.putBack(job, token, 0);
      throw tellable(error);
    } finally {
      if (deaths > 0) this.isWithSuspect = false;
    }
  }

  private async run(task: TaskDefinition & { task: RunsTask }, job: Job<TaskJob>): Promise<unknown> {
    const { payload, task_id, owner_user_id } = job.data;
    const begun = changeOf(job, 'active');
    const result = await this.runs.run(task.timeout ?? HOUR_SECONDS, async (run) => {
      await this.changes.room();
      const isWanted = await this.claims.claim(job.data);
      if (!isWanted || run.isOver) throw new Withdrawn();
      this.changes.report({ ...begun, progress: 0, started: performance.now() });
      return task.task.run(await this.registry.payloadOf(task, payload), {
        task_id,
        owner_user_id,
        attempt: job.attemptsStarted,
        progress: (percent) => run.isOver || this.changes.report({ ...begun, progress: wholePercent(percent) }),
        get signal() {
          return run.signal;
        },
        once: (effect, name) => this.effects.once(task_id, effect, name),
      });
    });
    return asJson(result);
  }

  private async putBack(job: Job<TaskJob>, token: string | undefined, milliseconds: number): Promise<never> {
    await job.moveToDelayed(Date.now() + milliseconds, token);
    this.changes.report(changeOf(job, milliseconds > 0 ? 'delayed' : 'queued'));
    throw new DelayedError();
  }

  /** The job itself holds no false, 0 or empty text. */
  private complete(job: Job<TaskJob>, given: unknown): void {
    this.end(job, completed(job, given, this.registry.get(job.name)!));
  }

  private fail(job: Job<TaskJob>, error: Error): void {
    if (error instanceof DelayedError || error instanceof Withdrawn) return;
    const message = storable(error.message);
    if (job.finishedOn === undefined) return this.changes.report({ ...changeOf(job, 'delayed'), error: message });
    this.logger.error(`task ${job.name} ${job.data.task_id} failed: ${message}`, error.stack);
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

/** A run belongs to the span that queued the task. */
function spanOf(task: TaskDefinition, { data: { task_id, traceparent = null }, attemptsStarted }: Job<TaskJob>) {
  const attributes = {
    'messaging.system': 'bullmq',
    'messaging.operation.name': 'run',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queueOf(task),
    'messaging.message.id': String(task_id),
    attempt: attemptsStarted,
  };
  return { kind: SpanKind.CONSUMER, parent: traceparent, attributes };
}

function wholePercent(percent: number): number {
  return Math.min(100, Math.max(0, Math.round(percent) || 0));
}

/** What PostgreSQL can store of it. Throws what does not fit into JSON. */
function asJson(result: unknown): unknown {
  const text = JSON.stringify(result ?? null) as string | undefined;
  if (text === undefined) throw new Error('The result does not fit into JSON');
  if (!UNSTORABLE.test(text)) return result;
  const clean: unknown = JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));
  if (UNSTORABLE.test(JSON.stringify(clean))) throw new Error('The result has names that cannot be stored');
  return clean;
}

function tellable(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const isTellable = error instanceof Error && storable(message) === message;
  return isTellable ? error : new Error(storable(message));
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
