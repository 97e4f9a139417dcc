/** What goes wrong: problem details (RFC 9457) of the API, or none of them, told apart by `code`. */
import type { NoResponseProblem, Problem } from './generated/index.js';

/** A problem is an `Error` too, so that what throws it can be found. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    Object.assign(this, problem);
  }
}

/** Whether this is a problem, with one of these codes if there are any: for what `catch` is given. */
export function isProblem<C extends Problem['code'] = Problem['code']>(
  error: unknown,
  ...codes: C[]
): error is Extract<Problem, { code: C }> & ProblemError {
  return (
    error instanceof ProblemError && (codes.length === 0 || codes.includes((error as unknown as Problem).code as C))
  );
}

/** What a request failed with, as a problem: that of the API, or that there is none. */
export function problemOf(error: unknown): ProblemError {
  if (typeof error === 'object' && error !== null && 'code' in error && 'request_id' in error)
    return new ProblemError(error as Problem);
  return new ProblemError(noResponse(error), { cause: error });
}

function noResponse(error: unknown): NoResponseProblem {
  const detail = error instanceof Error ? error.message : 'What answered was not the API.';
  return {
    type: 'about:blank',
    title: 'No Response',
    status: 0,
    detail,
    instance: '',
    code: 'no_response',
    request_id: '',
  };
}
