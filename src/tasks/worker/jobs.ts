/** What the queue hands out. */
import { SpanKind } from '@opentelemetry/api';
import type { Job } from 'bullmq';
import { queueOf, type TaskJob } from '../../platform/queue/queue.js';
import type { TaskDefinition } from '../../platform/queue/task.js';

// PostgreSQL's largest integer.
const MAX_ATTEMPTS = 2_147_483_647;

/** The span of a run, which belongs to the one that queued the task. */
export function spanOf(task: TaskDefinition, { data: { task_id, traceparent = null }, attemptsStarted }: Job<TaskJob>) {
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

/** Anything may be in the queue, from anyone who can write to it. */
export function isSound({ data, attemptsStarted }: Job<TaskJob>): boolean {
  const { task_id, round } = (data as TaskJob | null) ?? {};
  return [task_id, round, attemptsStarted].every(Number.isSafeInteger) && attemptsStarted <= MAX_ATTEMPTS;
}
