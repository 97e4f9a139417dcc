import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';

export const TASK = 'task';

export interface TaskDefinition {
  name: string;
  payload: new () => object;
  /** Whether clients may queue it through the API. */
  public?: boolean;
}

/** What a running task knows of itself. */
export interface TaskContext {
  task_id: string;
  /** Counts from 1. */
  attempt: number;
  /** Reports progress, 0 to 100. */
  progress(percent: number): Promise<void>;
  /** Aborted when the worker has to stop before the task is done. */
  signal: AbortSignal;
}

/** A background task: any class with `@Task` and this method, listed among the providers of its domain. */
export interface RunsTask<P extends object = object> {
  run(payload: P, context: TaskContext): Promise<unknown>;
}

/**
 * Makes a class a task of that name, which must be the only one.
 * @param payload its fields are validated when the task is queued and again before it runs
 * @param options `public` lets clients queue it; otherwise only the code does
 */
export function Task(
  name: string,
  payload: TaskDefinition['payload'],
  options: Pick<TaskDefinition, 'public'> = {},
): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(TASK, { name, payload, ...options } satisfies TaskDefinition));
}
