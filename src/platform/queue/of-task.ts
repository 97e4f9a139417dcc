import type { TaskDefinition } from './task.js';

/** The property of a schema that says which task it is about. */
export const TASK_NAME = 'name';

// From few to all: those that clients may queue, those that may have an owner, and any.
const TOLD = ['posted', 'owned', 'any'] as const;
type Told = (typeof TOLD)[number];

export interface OfTask {
  part: 'payload' | 'result';
  /** Which tasks the schema is about. */
  told: Told;
}

const OF_TASK = 'x-of-task';

/** Options of a documented property that each task has another class for, told apart by `name`. */
export function ofTask(part: OfTask['part'], told: Told): object {
  return { [OF_TASK]: { part, told } satisfies OfTask };
}

/** Undefined for the schema of any other property. */
export function ofTaskIn(schema: object): OfTask | undefined {
  return (schema as { [OF_TASK]?: OfTask })[OF_TASK];
}

/** Whether a schema with these properties is about a task. What runs by a schedule has no owner. */
export function isTold({ public: isPosted = false, schedule }: TaskDefinition, parts: OfTask[]): boolean {
  const told = TOLD.findLast((one) => parts.some((part) => part.told === one));
  return isPosted || told === 'any' || (told === 'owned' && schedule === undefined);
}
