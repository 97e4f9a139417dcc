import { Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { TaskJob } from '../../platform/queue/queue.js';
import type { TaskContext, TaskDefinition } from '../../platform/queue/task.js';
import { type RegisteredTask, TaskRegistry } from '../../platform/queue/task.registry.js';
import { Effects } from './exactly-once.service.js';
import { Withdrawn } from './failures.js';
import { RunningTasks } from './running-tasks.service.js';
import type { Run, Runs } from './runs.js';
import { asJson } from './storable-result.js';
import { TaskChanges } from './task-changes.service.js';
import { TaskMetrics } from './task-metrics.service.js';
import { type Attempt, type StartedTask, TaskStarts } from './task-starts.service.js';

const HOUR_SECONDS = 3_600;

/** Attempts at tasks: from the row that is marked as active to what the task gives. */
@Injectable()
export class Attempts {
  constructor(
    private readonly registry: TaskRegistry,
    private readonly starts: TaskStarts,
    private readonly running: RunningTasks,
    private readonly changes: TaskChanges,
    private readonly effects: Effects,
    private readonly metrics: TaskMetrics,
  ) {}

  /**
   * Runs a task, if its row says that it is still to be run. Throws what it throws, and `Withdrawn` when it is not to be
   * run, or is cancelled meanwhile.
   * @param runs cut it short when they are stopped
   * @returns what it gives, as JSON keeps it
   */
  async run(runs: Runs, task: RegisteredTask, job: Job<TaskJob>): Promise<unknown> {
    const { task_id, round } = job.data;
    const attempt: Attempt = { task_id, round, attempts: job.attemptsStarted };
    let unwatch = () => {};
    const work = async (run: Run) => {
      // Before the start, so that a later cancellation is noticed.
      unwatch = this.running.watch({ ...attempt, cut: () => this.cut(run, task) });
      await this.changes.room();
      const started = await this.starts.start({ ...attempt, name: task.name });
      if (!started || run.isOver) throw new Withdrawn();
      const payload = await this.registry.payloadOf(task, started.payload);
      return task.task.run(payload, this.contextOf(run, attempt, started));
    };
    try {
      return asJson(await runs.run(task.timeout ?? HOUR_SECONDS, work));
    } finally {
      unwatch();
    }
  }

  private contextOf(run: Run, attempt: Attempt, { owner_user_id }: StartedTask): TaskContext {
    const active = { ...attempt, status: 'active' as const, error: undefined, result: undefined };
    return {
      task_id: attempt.task_id,
      owner_user_id,
      attempt: attempt.attempts,
      progress: (percent) => run.isOver || this.changes.report({ ...active, progress: wholePercent(percent) }),
      get signal() {
        return run.signal;
      },
      once: async (effect, name) => {
        if (run.isOver) throw new Withdrawn();
        return this.effects.once(attempt, effect, name);
      },
    };
  }

  private cut(run: Run, { name }: TaskDefinition): void {
    if (run.isOver) return;
    this.metrics.cancelled(name);
    run.cut(new Withdrawn());
  }
}

function wholePercent(percent: number): number {
  return Math.min(100, Math.max(0, Math.round(percent) || 0));
}
