import type { Job } from 'bullmq';
import type { TaskJob } from '../../platform/queue/queue.js';
import type { TaskOptions } from '../../platform/queue/task.js';
import type { Change } from './task-changes.service.js';

const DAY_SECONDS = 86_400;

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
