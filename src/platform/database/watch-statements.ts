import type pg from 'pg';
import { Client } from './pg-client.js';
import { keepContexts, wrap } from './pg-patches.js';

type Answered = (error?: Error | null, ...rest: unknown[]) => void;
/** Is told how the statement has ended. */
type End = (error?: Error | null) => void;

/**
 * Calls `begin` with the text of each statement on a `Client`, never with its values, and what that answers when the
 * statement has ended. Undefined leaves it alone.
 */
export function watchStatements(begin: (text: string) => End | undefined): void {
  keepContexts();
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
