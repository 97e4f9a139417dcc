import { ConflictException, NotFoundException } from '@nestjs/common';

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

export class TaskNotWaiting extends ConflictException {
  constructor() {
    super('The task is running or has ended.', { errorCode: 'task_not_waiting' });
  }
}

export class TaskNotFailed extends ConflictException {
  constructor() {
    super('Only a task that has failed can be tried again.', { errorCode: 'task_not_failed' });
  }
}

export class TaskActive extends ConflictException {
  constructor() {
    super('The task is running.', { errorCode: 'task_active' });
  }
}
