import { AsyncLocalStorage } from 'node:async_hooks';

/** What a process does when it writes a line of the log. */
interface Scope {
  request_id?: string;
  task_id?: number;
}

// Created only if log lines need it: following work through every promise has its price.
let scopes: AsyncLocalStorage<Scope> | undefined;

export function keepLogScopes(): void {
  scopes ??= new AsyncLocalStorage();
}

/** What is done at the moment, if it is a request or a task, and if that is kept. */
export function logScope(): Scope | undefined {
  return scopes?.getStore();
}

/** Runs `work`, and what comes of it, as that request or task. */
export function inLogScope<T>(scope: Scope, work: () => T): T {
  return scopes ? scopes.run(scope, work) : work();
}

/** Runs what is done for many requests or tasks at once. */
export function outsideLogScopes<T>(work: () => T): T {
  return scopes ? scopes.exit(work) : work();
}
