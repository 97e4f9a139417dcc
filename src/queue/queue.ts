import { definitionOf, taskClasses, type TaskDefinition } from './task.js';

const QUEUE = 'tasks';

/** What the queue holds of a task. */
export interface TaskJob {
  task_id: number;
  /** Grows when the task is queued anew, after it had failed or got lost. */
  round: number;
  owner_user_id: number | null;
  payload: object;
  /** When the relay took it, in seconds: as in its row once the queue has told the relay that it is there. */
  relayed_at?: string | null;
  /** Of the span that it was put in, while there are traces. */
  traceparent?: string | null;
}

/** The queue that a task waits in: one for all, and one for each task whose concurrency is limited. */
export function queueOf({ name, concurrency }: TaskDefinition): string {
  return concurrency === undefined ? QUEUE : `${QUEUE}-${name}`;
}

/** The name of the job of a task: queueing it twice in one round queues it once. */
export function jobIdOf({ task_id, round }: Pick<TaskJob, 'task_id' | 'round'>): string {
  return `task-${task_id}-${round}`;
}

/** Every queue, and how many of its tasks run at once if that is limited. */
export function queues(): Map<string, number | undefined> {
  const definitions = taskClasses().map((task) => definitionOf(task)!);
  return new Map([[QUEUE, undefined], ...definitions.map((one) => [queueOf(one), one.concurrency] as const)]);
}
