import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { Caller } from '../http/caller.js';
import { ValidationFailed } from '../http/http.errors.js';
import { QUEUE, type TaskData } from '../queue/queue.js';
import { type RunsTask, TASK, type TaskDefinition } from '../queue/task.js';
import { TaskRegistry } from '../queue/task.registry.js';
import type { TaskQueued, TaskRead, TaskStatus } from './tasks.dto.js';
import { TaskNotFound } from './tasks.errors.js';

type PayloadOf<T extends RunsTask> = Parameters<T['run']>[0];

const TASK_ID = /^[\w:-]{1,100}$/;

const STATUSES: Record<string, TaskStatus> = {
  delayed: 'delayed',
  active: 'active',
  completed: 'completed',
  failed: 'failed',
};

@Injectable()
export class TasksService {
  constructor(
    @InjectQueue(QUEUE) private readonly queue: Queue<TaskData>,
    private readonly registry: TaskRegistry,
  ) {}

  /** Queues a task of the code's own choosing. Throws `ValidationFailed` for a bad payload. */
  enqueue<T extends RunsTask>(
    task: new (...args: never[]) => T,
    payload: PayloadOf<T>,
    owner?: Caller,
  ): Promise<TaskQueued> {
    return this.add((Reflect.getMetadata(TASK, task) as TaskDefinition).name, payload, owner);
  }

  /** Queues a task that a client has named. Throws `ValidationFailed` for a bad payload, and unless it is public. */
  async enqueueNamed(name: string, payload: object, owner: Caller): Promise<TaskQueued> {
    const names = this.registry.publicNames();
    if (names.includes(name)) return this.add(name, payload, owner);
    throw new ValidationFailed([{ field: 'name', message: `name must be one of: ${names.join(', ')}` }]);
  }

  /** The state of a task for its owner or a superuser. Throws `TaskNotFound` for everyone else. */
  async read(id: string, caller: Caller): Promise<TaskRead> {
    if (!TASK_ID.test(id)) throw new TaskNotFound();
    const { job, state } = await this.snapshot(id);
    if (!job || !isReadableBy(job, caller)) throw new TaskNotFound();
    return describe(job, state);
  }

  private async add(name: string, payload: object, owner?: Caller): Promise<TaskQueued> {
    await this.registry.payloadOf(name, payload);
    const job = await this.queue.add(name, { owner_user_id: owner?.id ?? null, payload });
    return { id: job.id!, name, status: 'queued' };
  }

  /** BullMQ reads a job and its state apart: they belong together when the state is the same before and after. */
  private async snapshot(id: string): Promise<{ job: Job<TaskData> | undefined; state: string }> {
    let before = await this.queue.getJobState(id);
    for (;;) {
      const job = await this.queue.getJob(id);
      const state = await this.queue.getJobState(id);
      if (state === before) return { job, state };
      before = state;
    }
  }
}

function isReadableBy(job: Job<TaskData>, caller: Caller): boolean {
  return caller.is_superuser || job.data.owner_user_id === caller.id;
}

function describe(job: Job<TaskData>, state: string): TaskRead {
  const status = STATUSES[state] ?? 'queued';
  return {
    id: job.id!,
    name: job.name,
    status,
    progress: typeof job.progress === 'number' ? job.progress : 0,
    attempts: job.attemptsStarted,
    result: job.returnvalue ?? null,
    error: status === 'failed' ? (job.failedReason ?? null) : null,
    created_at: new Date(job.timestamp),
    started_at: instant(job.processedOn),
    finished_at: instant(job.finishedOn),
  };
}

function instant(milliseconds: number | undefined): Date | null {
  return milliseconds ? new Date(milliseconds) : null;
}
