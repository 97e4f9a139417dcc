import { ServiceUnavailableException } from '@nestjs/common';
import { TooManyRequests } from '../../http/problems/http.errors.js';

const RETRY_SECONDS = 5;

export class TooMuchUnsent extends TooManyRequests {
  constructor() {
    super(
      RETRY_SECONDS,
      'Too many large request bodies are coming from your address. Send fewer at a time.',
      'too_much_unsent',
    );
  }
}

export class ReceivingTooMuch extends ServiceUnavailableException {
  constructor() {
    super('The server is receiving too many large request bodies. Try again in a few seconds.', {
      errorCode: 'receiving_too_much',
    });
  }
}
