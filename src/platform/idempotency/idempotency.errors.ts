import { HttpException, HttpStatus, UnprocessableEntityException } from '@nestjs/common';
import { TooManyRequests } from '../http/problems/http.errors.js';

export class IdempotencyKeyInUse extends HttpException {
  /** Seconds until it is worth trying again. */
  readonly retryAfter = 1;

  constructor() {
    super('A request with this idempotency key is still being answered.', HttpStatus.CONFLICT, {
      errorCode: 'idempotency_key_in_use',
    });
  }
}

export class IdempotencyKeyReused extends UnprocessableEntityException {
  constructor() {
    super('This idempotency key belongs to another request.', { errorCode: 'idempotency_key_reused' });
  }
}

// Until what is old is deleted again.
const HOUR_SECONDS = 3_600;

export class TooManyIdempotencyKeys extends TooManyRequests {
  constructor() {
    super(
      HOUR_SECONDS,
      'You have used too many idempotency keys in a day. Try again later, or without one.',
      'too_many_idempotency_keys',
    );
  }
}
