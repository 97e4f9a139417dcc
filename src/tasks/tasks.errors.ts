import { ConflictException, NotFoundException } from '@nestjs/common';
import { TooManyRequests } from '../platform/http/problems/http.errors.js';

export class TaskNotFound extends NotFoundException {
  constructor() {
    super('There is no task with this id.', { errorCode: 'task_not_found' });
  }
}

export class UnknownTaskName extends NotFoundException {
  constructor() {
    super('There is no public task with this name.', { errorCode: 'unknown_task_name' });
  }
}

export class TaskEnded extends ConflictException {
  constructor() {
    super('The task has already ended.', { errorCode: 'task_ended' });
  }
}

export class TaskNotFailed extends ConflictException {
  constructor() {
    super('Only a failed task can be retried.', { errorCode: 'task_not_failed' });
  }
}

const RETRY_SECONDS = 10;

export class TooManyTasks extends TooManyRequests {
  constructor() {
    super(
      RETRY_SECONDS,
      'You have too many tasks that wait or run. Wait for some to end, or cancel them.',
      'too_many_tasks',
    );
  }
}
