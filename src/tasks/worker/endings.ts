import { type Job, UnrecoverableError } from 'bullmq';
import type { TaskJob } from '../../platform/queue/queue.js';
import type { TaskOptions } from '../../platform/queue/task.js';
import type { Change } from './task-changes.service.js';

const DAY_SECONDS = 86_400;

/** What is not to be run any more: nothing of it is written down, and the queue does not try it again. */
export class Withdrawn extends UnrecoverableError {
  constructor() {
    super('It was cancelled, deleted or queued again');
  }
}

/** How an attempt fails for the queue, which is not told why: an error may quote what the task was given. */
export class Failure extends Error {
  constructor(override readonly cause: unknown) {
    super('It failed, and its worker died before it could write down why');
    if (cause instanceof UnrecoverableError) this.name = UnrecoverableError.name;
  }
}

/** What nothing but the job itself says of an attempt. */
export function changeOf({ data, attemptsStarted }: Job<TaskJob>, status: Change['status']): Change {
  const { task_id, round } = data;
  return { task_id, round, attempts: attemptsStarted, status, error: undefined, result: undefined };
}

/** How a job has ended, when the queue says that it has completed. */
export function completed(job: Job<TaskJob>, given: unknown, { retention }: TaskOptions): Change {
  const result = JSON.stringify(given ?? null);
  return { ...changeOf(job, 'completed'), progress: 100, result, ...ended(job, retention?.completed ?? DAY_SECONDS) };
}

/** How a job has ended, when the queue says that it has failed. */
export function failed(job: Job<TaskJob>, error: string, { retention }: TaskOptions): Change {
  return { ...changeOf(job, 'failed'), error, ...ended(job, retention?.failed ?? 14 * DAY_SECONDS) };
}

function ended({ finishedOn }: Job, retention: number): Pick<Change, 'finished' | 'retention'> {
  return { finished: performance.now() - (Date.now() - finishedOn!), retention };
}
