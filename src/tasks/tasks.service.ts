import { Injectable } from '@nestjs/common';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import type { Filter } from '../platform/database/crud/filter.js';
import { Transactions } from '../platform/database/transactions.js';
import { type Caller, holds } from '../platform/http/access/caller.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import { jobIdOf } from '../platform/queue/queue.js';
import { Queues } from '../platform/queue/queues.js';
import { definitionOf, type RunsTask } from '../platform/queue/task.js';
import { TaskRegistry } from '../platform/queue/task.registry.js';
import { Cancellations } from './cancellations.service.js';
import { Outbox } from './outbox.service.js';
import { TaskRecord, type TaskStatus } from './task.entity.js';
import { FullTask, type TaskList, type TaskQueued, TaskRead } from './tasks.dto.js';
import { TaskEnded, TaskNotFailed } from './tasks.errors.js';

type PayloadOf<T extends RunsTask> = Parameters<T['run']>[0];

export interface EnqueueOptions {
  /** Seconds until it may begin. */
  delay?: number;
  /** Of two tasks of one class with the same key, only the first is queued, for as long as its state is kept. */
  job_key?: string;
  /** Who may read its state, besides who may read any. */
  owner_user_id?: number;
}

type Standing = Pick<TaskRecord, 'id' | 'name' | 'round' | 'status' | 'relayed_at'>;
const WHERE_IT_STANDS = ['id', 'name', 'round', 'status', 'relayed_at'] as const;
export const ENDED: TaskStatus[] = ['completed', 'failed', 'cancelled'];

@Injectable()
export class TasksService {
  constructor(
    @InjectCrud(TaskRecord) private readonly tasks: Crud<TaskRecord>,
    private readonly outbox: Outbox,
    private readonly cancellations: Cancellations,
    private readonly registry: TaskRegistry,
    private readonly queues: Queues,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Queues a task when the open transaction commits, at once if none is open. Throws `ValidationFailed` for a bad
   * payload.
   * @returns the task; the earlier one if there is one of that `job_key`
   */
  async enqueue<T extends RunsTask>(
    task: new (...args: never[]) => T,
    payload: PayloadOf<T>,
    options: EnqueueOptions = {},
  ): Promise<TaskQueued> {
    const definition = definitionOf(task)!;
    await this.registry.payloadOf(definition, payload);
    return this.outbox.put({ name: definition.name, payload, ...options });
  }

  /** The state of a task for its owner, or who may read any. Throws `TaskNotFound` for everyone else. */
  read(id: number, caller: Caller): Promise<TaskRead> {
    return this.tasks.getOrThrow(visible(id, caller), TaskRead);
  }

  /** Whether there is such a task, and it has completed. */
  hasCompleted(id: number, task: { name: string; owner_user_id: number }): Promise<boolean> {
    return this.tasks.exists({ id, status: 'completed', ...task });
  }

  /** Nobody, of a task that the program itself has queued. Throws `TaskNotFound`. */
  async ownerOf(id: number): Promise<number | null> {
    return (await this.tasks.getOrThrow({ id }, ['owner_user_id'] as const)).owner_user_id;
  }

  list(caller: Caller, query: TaskList): Promise<NumberedPage<TaskRead> | KeysetPage<TaskRead>> {
    return pageOf(this.tasks, { owner_user_id: caller.id }, TaskRead, query);
  }

  /** Tasks of all, for superusers. */
  listAll(query: TaskList): Promise<NumberedPage<FullTask> | KeysetPage<FullTask>> {
    return pageOf(this.tasks, {}, FullTask, query);
  }

  readFull(id: number): Promise<FullTask> {
    return this.tasks.getOrThrow({ id }, FullTask);
  }

  /**
   * Ends a task that waits or runs, if it is what the client has seen: what it does from now on has no effect. Throws
   * `TaskNotFound` and `TaskEnded`.
   */
  cancel(id: number, ifMatch?: Precondition): Promise<void> {
    const seen = () => this.tasks.getOrThrow({ id }, TaskRead, { lock: true });
    return this.transactions.runIf(ifMatch, seen, async () => {
      const task = await this.tasks.getOrThrow({ id }, WHERE_IT_STANDS);
      if (!(await this.cancellations.cancel(id))) throw new TaskEnded();
      this.takeOut(task);
    });
  }

  /** Queues a failed task again, with all its attempts. Throws `TaskNotFound` and `TaskNotFailed`. */
  retry(id: number): Promise<FullTask> {
    return this.transactions.run(async () => {
      const { round, status } = await this.tasks.getOrThrow({ id }, WHERE_IT_STANDS, { lock: true });
      if (status !== 'failed') throw new TaskNotFailed();
      await this.outbox.putAgain({ id, round });
      return this.readFull(id);
    });
  }

  /**
   * Cancels a task that runs, and deletes what is known of any other, if it is what the client has seen. Throws
   * `TaskNotFound`.
   */
  discard(id: number, ifMatch?: Precondition): Promise<void> {
    const seen = () => this.tasks.getOrThrow({ id }, FullTask, { lock: true });
    return this.transactions.runIf(ifMatch, seen, async () => {
      const task = await this.tasks.getOrThrow({ id }, WHERE_IT_STANDS);
      if (task.status === 'active' && (await this.cancellations.cancel(id))) return;
      await this.tasks.dbDelete({ id });
      if (!ENDED.includes(task.status)) await this.cancellations.tell();
      this.takeOut(task);
    });
  }

  /** Removes a job from the queue. If that fails, a worker skips it when its turn comes. */
  private takeOut({ id, name, round, status, relayed_at }: Standing): void {
    const task = this.registry.get(name);
    if (!task || !relayed_at || (status !== 'queued' && status !== 'delayed')) return;
    const jobId = jobIdOf({ task_id: id, round });
    this.transactions.afterCommit(() => void this.queues.removeWaiting(task, jobId).catch(() => undefined));
  }
}

/** The task if the caller may see it. */
export function visible(id: number, caller: Caller): Filter<TaskRecord> {
  return holds(caller, 'tasks.read_any') ? { id } : { id, owner_user_id: caller.id };
}
