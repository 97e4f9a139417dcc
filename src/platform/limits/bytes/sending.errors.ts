import { ServiceUnavailableException } from '@nestjs/common';
import { TooManyRequests } from '../../http/problems/http.errors.js';

const RETRY_SECONDS = 5;

export class TooMuchUnread extends TooManyRequests {
  constructor() {
    const detail = 'Too much is under way to your address. Read it, then try again.';
    super(RETRY_SECONDS, detail, 'too_much_unread');
  }
}

export class SendingTooMuch extends ServiceUnavailableException {
  constructor() {
    super('Too much is under way to all clients. Try again in a few seconds.', { errorCode: 'sending_too_much' });
  }
}
