/**
 * Patches of pg 8.23.1, which package.json pins. Each names the test that fails without it: when a later version passes
 * without, it can go.
 */
import { AsyncResource } from 'node:async_hooks';
import pg from 'pg';

type Method = (...args: unknown[]) => unknown;

/**
 * A caller that waits for a connection would go on in the asynchronous context of the one that gives it back. Test:
 * operations/tracing. (AsyncResource.bind costs 14 µs.)
 */
export function keepContexts(): void {
  wrap(pg.Pool, 'connect', (connect, callback) => {
    if (!callback) return connect();
    const own = new AsyncResource('WaitingForConnection');
    return connect((...given: unknown[]) => own.runInAsyncScope(callback as Method, undefined, ...given));
  });
}

/** Puts a method in the place of a class's own, which it gets to call: pg tells nobody of its statements. */
export function wrap(
  owner: { prototype: object },
  name: string,
  method: (own: Method, ...args: unknown[]) => unknown,
): void {
  const own = Reflect.get(owner.prototype, name) as Method;
  Reflect.set(owner.prototype, name, function (this: unknown, ...args: unknown[]) {
    return method(own.bind(this), ...args);
  });
}

/** The process id that the server has reported of itself, which pg keeps and does not declare. */
export function processIdOf(client: pg.Client): number {
  return (client as unknown as { processID: number }).processID;
}
