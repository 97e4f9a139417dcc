import type { Logger } from 'pino';
import { keepLogScopes, logScope } from '../runtime/log/log-scope.js';
import { watchStatements } from './watch-statements.js';

/**
 * With `LOG_LEVEL=debug`, logs each statement on a `Client` that a request or a task waits for, with the milliseconds that
 * it took: its text, never its values. Answers whether it does.
 */
export function logStatements(log: Logger): boolean {
  if (!log.isLevelEnabled('debug')) return false;
  keepLogScopes();
  watchStatements((text) => {
    const scope = logScope();
    if (!scope) return undefined;
    const begun = performance.now();
    return (error) => {
      const ms = Math.round((performance.now() - begun) * 10) / 10;
      log.debug({ ...scope, ms, error: error?.message }, text);
    };
  });
  return true;
}
