import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Logger, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { DelayedError, type Job } from 'bullmq';
import { WorkerConfig } from './queue.config.js';
import { QUEUE, type TaskData } from './queue.js';
import { TaskRegistry } from './task.registry.js';

// How soon a worker looks again for a database that is gone; BullMQ's own 15 s are a long time to wait for a restart.
const RECONNECT_MILLISECONDS = 1000;
// How many workers may die with a task before it counts as failed.
const MAX_WORKER_DEATHS = 10;

/** Runs queued tasks in the worker process. */
@Injectable()
@Processor(QUEUE, { runRetryDelay: RECONNECT_MILLISECONDS, maxStalledCount: MAX_WORKER_DEATHS })
export class TaskRunner extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TaskRunner.name);
  private readonly stopping = new AbortController();

  constructor(
    private readonly registry: TaskRegistry,
    private readonly config: WorkerConfig,
  ) {
    super();
  }

  /** Throws when the queue cannot be reached: BullMQ would never try to connect again. */
  async onApplicationBootstrap(): Promise<void> {
    this.worker.concurrency = this.config.WORKER_CONCURRENCY;
    this.worker.on('error', (error) => this.logger.error(error));
    this.worker.on('failed', (job, error) =>
      this.logger.error(`task ${job?.name} ${job?.id} failed: ${error.message}`, error.stack),
    );
    await this.worker.waitUntilReady();
  }

  override async process(job: Job<TaskData>, token?: string): Promise<unknown> {
    try {
      return await this.run(job);
    } catch (error) {
      if (!this.stopping.signal.aborted) throw error;
      // Cut short by us: back to the queue, without an attempt spent.
      await job.moveToDelayed(Date.now(), token);
      throw new DelayedError();
    }
  }

  private async run(job: Job<TaskData>): Promise<unknown> {
    const { task } = this.registry.get(job.name);
    return task.run(await this.registry.payloadOf(job.name, job.data.payload), {
      task_id: job.id!,
      attempt: job.attemptsMade + 1,
      progress: (percent) => job.updateProgress(percent),
      signal: this.stopping.signal,
    });
  }

  /** Lets running tasks finish, for as long as the settings allow, while their database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    const deadline = setTimeout(() => this.stopping.abort(), this.config.WORKER_SHUTDOWN_SECONDS * 1000);
    await this.worker.close();
    clearTimeout(deadline);
  }
}
