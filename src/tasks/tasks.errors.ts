import { ConflictException, NotFoundException } from '@nestjs/common';
import { TooManyRequests } from '../platform/http/problems/http.errors.js';

export class TaskNotFound extends NotFoundException {
  constructor() {
    super('There is no such task of yours.', { errorCode: 'task_not_found' });
  }
}

export class UnknownTaskName extends NotFoundException {
  constructor() {
    super('There is no task of that name for you to queue.', { errorCode: 'unknown_task_name' });
  }
}

export class TaskEnded extends ConflictException {
  constructor() {
    super('The task has ended.', { errorCode: 'task_ended' });
  }
}

export class TaskNotFailed extends ConflictException {
  constructor() {
    super('Only a task that has failed can be tried again.', { errorCode: 'task_not_failed' });
  }
}

const RETRY_SECONDS = 10;

export class TooManyTasks extends TooManyRequests {
  constructor() {
    super(RETRY_SECONDS, 'Too many of your tasks wait or run. Wait for some to end, or cancel them.', 'too_many_tasks');
  }
}
