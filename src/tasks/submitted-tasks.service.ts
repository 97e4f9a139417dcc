import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Transactions } from '../platform/database/transactions.js';
import { Probes } from '../platform/health/probes.js';
import type { Caller } from '../platform/http/access/caller.js';
import type { TaskDefinition } from '../platform/queue/task.js';
import { TaskRegistry } from '../platform/queue/task.registry.js';
import { Outbox } from './outbox.service.js';
import { TasksConfig } from './tasks.config.js';
import type { TaskQueued } from './tasks.dto.js';
import { TooManyTasks, UnknownTaskName } from './tasks.errors.js';

interface PostOptions {
  owner_user_id: number;
  /** How many tasks the owner may have that wait or run. */
  most?: number;
}

/** Queues the tasks that clients name, within what one user may have. */
@Injectable()
export class SubmittedTasks {
  private readonly refusals: Counter;

  constructor(
    private readonly outbox: Outbox,
    private readonly config: TasksConfig,
    private readonly registry: TaskRegistry,
    private readonly transactions: Transactions,
    probes: Probes,
  ) {
    const help = 'Tasks that were refused, as too many of their owner waited or ran';
    this.refusals = new Counter({
      name: 'tasks_refused_total',
      help,
      labelNames: ['name'],
      registers: [probes.registry],
    });
  }

  /**
   * Throws `UnknownTaskName` unless it is public, `ValidationFailed` for a bad
   * payload, `TooManyTasks` when too many of the owner's wait or run.
   */
  async enqueue(name: string, payload: object, owner: Caller): Promise<TaskQueued> {
    const task = this.registry.get(name);
    if (!task?.public) throw new UnknownTaskName();
    const options = { owner_user_id: owner.id, most: this.config.TASKS_MAX_PER_OWNER || undefined };
    const put = task.single ? this.addSingle(task, payload, options) : this.add(task, payload, options);
    return put.catch((error: unknown) => {
      if (error instanceof TooManyTasks) this.refusals.inc({ name });
      throw error;
    });
  }

  private async add(
    task: TaskDefinition,
    payload: object,
    options: PostOptions & { job_key?: string },
  ): Promise<TaskQueued> {
    await this.registry.payloadOf(task, payload);
    return this.outbox.put({ name: task.name, payload, ...options });
  }

  private addSingle(task: TaskDefinition, payload: object, options: PostOptions): Promise<TaskQueued> {
    const job_key = `owner ${options.owner_user_id}`;
    return this.transactions.run(async () => {
      await this.outbox.release(task.name, job_key, task.single!.seconds);
      return this.add(task, payload, { ...options, job_key });
    });
  }
}
