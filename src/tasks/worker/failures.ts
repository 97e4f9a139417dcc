import { UnrecoverableError } from 'bullmq';

/** What is not to be run any more: nothing of it is written down, and the queue does not try it again. */
export class Withdrawn extends UnrecoverableError {
  constructor() {
    super('It was cancelled, deleted or queued again');
  }
}

/** How an attempt fails for the queue, which is not told why: an error may quote what the task was given. */
export class Failure extends Error {
  constructor(override readonly cause: unknown) {
    super('It failed, and its worker died before it could write down why');
    if (cause instanceof UnrecoverableError) this.name = UnrecoverableError.name;
  }
}
