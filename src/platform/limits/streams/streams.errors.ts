import { ServiceUnavailableException } from '@nestjs/common';
import { TooManyRequests } from '../../http/problems/http.errors.js';

export class TooManyStreams extends TooManyRequests {
  constructor() {
    super(5, 'Too many event streams are open for you. Close one first.', 'too_many_streams');
  }
}

export class StreamsFull extends ServiceUnavailableException {
  constructor() {
    super('The server has as many event streams open as it can hold. Try again soon.', { errorCode: 'streams_full' });
  }
}
