import { ServiceUnavailableException } from '@nestjs/common';
import { TooManyRequests } from '../../http/problems/http.errors.js';

const RETRY_SECONDS = 5;

export class TooMuchUnread extends TooManyRequests {
  constructor() {
    const detail =
      'Too many bytes are on their way to your address. Read the responses that you have asked for, then try again.';
    super(RETRY_SECONDS, detail, 'too_much_unread');
  }
}

export class SendingTooMuch extends ServiceUnavailableException {
  constructor() {
    super('The server is sending too many large responses. Try again in a few seconds.', {
      errorCode: 'sending_too_much',
    });
  }
}
