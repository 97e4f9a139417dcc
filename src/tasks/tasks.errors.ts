import { NotFoundException } from '@nestjs/common';

export class TaskNotFound extends NotFoundException {
  constructor() {
    super('There is no such task of yours.', { errorCode: 'task_not_found' });
  }
}
