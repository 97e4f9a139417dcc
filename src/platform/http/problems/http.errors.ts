import {
  BadRequestException,
  HttpException,
  HttpStatus,
  MethodNotAllowedException,
  MisdirectedException,
  NotFoundException,
  PayloadTooLargeException,
  PreconditionFailedException,
  ServiceUnavailableException,
  UnprocessableEntityException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import type { FieldProblem } from './problem.js';

export class MalformedRequest extends BadRequestException {
  constructor(detail = 'The request could not be read.') {
    super(detail, { errorCode: 'malformed_request' });
  }
}

export class RouteNotFound extends NotFoundException {
  constructor() {
    super('There is nothing at this path.', { errorCode: 'not_found' });
  }
}

export class OtherHost extends MisdirectedException {
  constructor() {
    super('In local, this API only answers requests to localhost. Set HOST to reach it by another name.', {
      errorCode: 'other_host',
    });
  }
}

export class MethodNotAllowed extends MethodNotAllowedException {
  constructor(readonly allowed: readonly string[] = []) {
    super('This path does not accept this method.', { errorCode: 'method_not_allowed' });
  }
}

export class Conflict extends HttpException {
  constructor() {
    super('The change conflicts with stored data.', HttpStatus.CONFLICT, { errorCode: 'conflict' });
  }
}

export class StaleEntityTag extends PreconditionFailedException {
  constructor() {
    super('The resource has changed since you read it.', { errorCode: 'stale_entity_tag' });
  }
}

export class BodyTooLarge extends PayloadTooLargeException {
  /** @param limit bytes */
  constructor(limit?: number) {
    const most = limit === undefined ? 'this path accepts' : `${limit / 1024} KiB`;
    super(`The request body is larger than ${most}.`, { errorCode: 'body_too_large' });
  }
}

export class BodyTooComplex extends BadRequestException {
  constructor(detail = 'The request body has too many values.') {
    super(detail, { errorCode: 'body_too_complex' });
  }
}

export class UnsupportedMediaType extends UnsupportedMediaTypeException {
  constructor() {
    super('This path does not accept this content type. The Accept header lists those it accepts, in UTF-8.', {
      errorCode: 'unsupported_media_type',
    });
  }
}

export class UnsupportedContentEncoding extends UnsupportedMediaTypeException {
  constructor() {
    super('The request body must not be compressed or otherwise encoded.', {
      errorCode: 'unsupported_content_encoding',
    });
  }
}

export class ExpectationFailed extends HttpException {
  constructor() {
    super('The server cannot do what the Expect header asks for.', HttpStatus.EXPECTATION_FAILED, {
      errorCode: 'expectation_failed',
    });
  }
}

export class ValidationFailed extends UnprocessableEntityException {
  constructor(readonly errors: FieldProblem[] = []) {
    super('The request has invalid fields.', { errorCode: 'validation_failed' });
  }
}

export class TooManyRequests extends HttpException {
  /** @param retryAfter seconds until it is worth trying again */
  constructor(
    readonly retryAfter = 1,
    detail = `Too many requests. ${tryAgainIn(retryAfter)}`,
    errorCode = 'too_many_requests',
  ) {
    super(detail, HttpStatus.TOO_MANY_REQUESTS, { errorCode });
  }
}

export class TooManyRegistrations extends HttpException {
  /** @param retryAfter seconds until it is worth trying again */
  constructor(readonly retryAfter = 1) {
    const detail = `Too many registrations from your address. ${tryAgainIn(retryAfter)}`;
    super(detail, HttpStatus.TOO_MANY_REQUESTS, { errorCode: 'too_many_registrations' });
  }
}

export class DatabaseUnavailable extends ServiceUnavailableException {
  constructor() {
    super('The database cannot be reached at the moment. Try again soon.', { errorCode: 'database_unavailable' });
  }
}

function tryAgainIn(seconds: number): string {
  return `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
}
