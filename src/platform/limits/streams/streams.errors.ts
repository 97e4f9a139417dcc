import { ServiceUnavailableException } from '@nestjs/common';
import { TooManyRequests } from '../../http/problems/http.errors.js';

export class TooManyStreams extends TooManyRequests {
  constructor() {
    super(5, 'You have too many event streams open. Close one first.', 'too_many_streams');
  }
}

export class StreamsFull extends ServiceUnavailableException {
  constructor() {
    super('The server cannot open more event streams at the moment. Try again soon.', { errorCode: 'streams_full' });
  }
}
