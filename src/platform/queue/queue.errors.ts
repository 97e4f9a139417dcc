import { ServiceUnavailableException } from '@nestjs/common';

export class QueueUnavailable extends ServiceUnavailableException {
  constructor() {
    super('The queue cannot be reached at the moment. Try again soon.', { errorCode: 'queue_unavailable' });
  }
}
