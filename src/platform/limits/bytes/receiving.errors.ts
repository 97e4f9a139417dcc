import { ServiceUnavailableException } from '@nestjs/common';
import { TooManyRequests } from '../../http/problems/http.errors.js';

const RETRY_SECONDS = 5;

export class TooMuchUnsent extends TooManyRequests {
  constructor() {
    super(RETRY_SECONDS, 'Too many large bodies come from your address at once.', 'too_much_unsent');
  }
}

export class ReceivingTooMuch extends ServiceUnavailableException {
  constructor() {
    super('Too many large bodies come at once. Try again in a few seconds.', { errorCode: 'receiving_too_much' });
  }
}
