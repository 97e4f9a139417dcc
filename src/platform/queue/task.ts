import { applyDecorators, Injectable, SetMetadata, type Type } from '@nestjs/common';

const TASK = 'task';

export interface TaskOptions {
  /** Whether clients may queue it through the API. */
  public?: boolean;
  /** The class of its result, or `String`, `Number` or `Boolean`, for the document; any JSON unless given. */
  result?: Type<unknown>;
  /** How often it is tried before it counts as failed; 3 unless given. */
  attempts?: number;
  /** How long it waits after a failed attempt: the same each time, or twice as long each time; exponential from 1 s. */
  backoff?: { type: 'exponential' | 'fixed'; seconds: number };
  /** Seconds until an attempt is given up; an hour unless given. */
  timeout?: number;
  /** How many run at once in one worker, in a queue of their own; if unset, the task shares `WORKER_CONCURRENCY`. */
  concurrency?: number;
  /** 1 to 2,097,152: lower numbers run first, and tasks without a priority before all of them. */
  priority?: number;
  /** Seconds that it stays readable when it has ended: a day when completed, 14 days when failed. */
  retention?: { completed?: number; failed?: number };
  /**
   * Lets an owner have one of it at a time: whoever posts it while it waits or runs, or so many seconds after it has
   * completed, is answered with the one that is there.
   */
  single?: { seconds: number };
  /** When it is queued by itself, without a payload: a cron pattern, in UTC. */
  schedule?: string;
}

export interface TaskDefinition extends TaskOptions {
  name: string;
  payload: new () => object;
}

/** What a running task knows of itself. */
export interface TaskContext {
  task_id: number;
  /** The owner of the task, or null. */
  owner_user_id: number | null;
  /** How often the task was begun, from 1. */
  attempt: number;
  /** Reports progress, 0 to 100. */
  progress(percent: number): void;
  /**
   * Aborted when the task is cancelled, its attempt takes too long, or the worker has to stop before it is done. What does
   * not end within two seconds then is left behind, and nothing that it does through this context has an effect any more.
   */
  signal: AbortSignal;
  /**
   * Runs `effect` in a transaction that only one attempt ever commits. What it writes through `Crud` or `Transactions`
   * happens exactly once, however often the task is run.
   * @param name tells several effects of one task apart
   * @returns what the effect gives, or undefined when an earlier attempt has had it; rejects once the task is cancelled
   */
  once<T>(effect: () => Promise<T>, name?: string): Promise<T | undefined>;
}

/** A background task: any class with `@Task` and this method, listed among the providers of its domain. */
export interface RunsTask<P extends object = object> {
  /** Returns the result, which must be JSON. */
  run(payload: P, context: TaskContext): Promise<unknown>;
}

/** For tasks that take nothing. */
export class NoPayload {}

const classes = new Set<object>();

/**
 * Makes a class a task of that name, which must be the only one.
 * @param payload its fields are validated when the task is queued and again before it runs
 */
export function Task(name: string, payload: TaskDefinition['payload'], options: TaskOptions = {}): ClassDecorator {
  return applyDecorators(
    Injectable(),
    SetMetadata(TASK, { name, payload, ...options } satisfies TaskDefinition),
    (owner: object) => void classes.add(owner),
  );
}

/** Undefined for a class that is no task. */
export function definitionOf(task: object): TaskDefinition | undefined {
  return Reflect.getMetadata(TASK, task) as TaskDefinition | undefined;
}

/** Every task class that has been imported so far. */
export function taskClasses(): Type[] {
  return [...classes] as Type[];
}
