import { definitionOf, taskClasses, type TaskDefinition } from './task.js';

const QUEUE = 'tasks';
/** The queue of the system's own tasks, which never wait for those that users post. */
const MAINTENANCE = 'maintenance';
const MAINTENANCE_AT_ONCE = 2;

/** What the queue holds of a task: which row it is. Whose task it is and what it takes stands there alone. */
export interface TaskJob {
  task_id: number;
  /** Grows when the task is queued anew, after it had failed or got lost. */
  round: number;
  /** Of the span that it was put in, while there are traces. */
  traceparent?: string | null;
}

/** The queue that a task waits in: one for all, one for maintenance, and one for each task whose concurrency is limited. */
export function queueOf({ name, concurrency, schedule, public: isPublic }: TaskDefinition): string {
  if (concurrency !== undefined) return `${QUEUE}-${name}`;
  return schedule && !isPublic ? MAINTENANCE : QUEUE;
}

/** The name of the job of a task: queueing it twice in one round queues it once. */
export function jobIdOf({ task_id, round }: Pick<TaskJob, 'task_id' | 'round'>): string {
  return `task-${task_id}-${round}`;
}

/** Every queue, and how many of its tasks run at once if that is limited. */
export function queues(): Map<string, number | undefined> {
  const definitions = taskClasses().map((task) => definitionOf(task)!);
  const own = definitions.filter((one) => one.concurrency !== undefined);
  return new Map([
    [QUEUE, undefined],
    [MAINTENANCE, MAINTENANCE_AT_ONCE],
    ...own.map((one) => [queueOf(one), one.concurrency] as const),
  ]);
}
