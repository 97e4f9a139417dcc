import { AsyncResource } from 'node:async_hooks';
import pg from 'pg';
import { Client } from './client.js';

type Method = (...args: unknown[]) => unknown;
type Answered = (error?: Error | null, ...rest: unknown[]) => void;
/** Is told how the statement has ended. */
type End = (error?: Error | null) => void;

/**
 * Calls `begin` with the text of each statement on a `Client`, never with its values, and what that answers when the
 * statement has ended. Undefined leaves it alone.
 */
export function watchStatements(begin: (text: string) => End | undefined): void {
  // Else who waits for a connection goes on in the context of who gives it back.
  wrap(pg.Pool, 'connect', (connect, callback) =>
    callback ? connect(AsyncResource.bind(callback as Method)) : connect(),
  );
  wrap(Client, 'query', (query, ...args) => {
    const [statement] = args;
    // A cursor answers in its own way.
    const end = isSubmittable(statement) ? undefined : begin(textOf(statement as string | pg.QueryConfig));
    if (!end) return query(...args);
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      return query(...args.slice(0, -1), (...answer: Parameters<Answered>) => {
        end(answer[0]);
        (callback as Answered)(...answer);
      });
    }
    const answer = query(...args) as Promise<unknown>;
    answer.then(() => end(), end);
    return answer;
  });
}

function isSubmittable(statement: unknown): boolean {
  return typeof (statement as Partial<pg.Submittable> | undefined)?.submit === 'function';
}

function textOf(statement: string | pg.QueryConfig): string {
  return typeof statement === 'string' ? statement : statement.text;
}

/** Puts a method in the place of a class's own, which it gets to call. */
function wrap(owner: { prototype: object }, name: string, method: (own: Method, ...args: unknown[]) => unknown): void {
  const own = Reflect.get(owner.prototype, name) as Method;
  Reflect.set(owner.prototype, name, function (this: unknown, ...args: unknown[]) {
    return method(own.bind(this), ...args);
  });
}
