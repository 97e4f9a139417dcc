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
    super('There is nothing here.', { errorCode: 'not_found' });
  }
}

export class OtherHost extends MisdirectedException {
  constructor() {
    super('This API answers to localhost only. Set HOST to reach it by another name.', { errorCode: 'other_host' });
  }
}

export class MethodNotAllowed extends MethodNotAllowedException {
  constructor(readonly allowed: readonly string[] = []) {
    super('This resource does not take that method.', { errorCode: 'method_not_allowed' });
  }
}

export class Conflict extends HttpException {
  constructor() {
    super('The change conflicts with what is stored.', HttpStatus.CONFLICT, { errorCode: 'conflict' });
  }
}

export class StaleEntityTag extends PreconditionFailedException {
  constructor() {
    super('The resource has changed since its entity tag was read.', { errorCode: 'stale_entity_tag' });
  }
}

export class BodyTooLarge extends PayloadTooLargeException {
  /** @param limit bytes */
  constructor(limit?: number) {
    const most = limit === undefined ? 'this resource takes' : `${limit / 1024} KiB`;
    super(`The body is larger than ${most}.`, { errorCode: 'body_too_large' });
  }
}

export class BodyTooComplex extends BadRequestException {
  constructor(detail = 'The body has too many values.') {
    super(detail, { errorCode: 'body_too_complex' });
  }
}

export class UnsupportedMediaType extends UnsupportedMediaTypeException {
  constructor() {
    super('This resource does not take that content type: see Accept. The charset is UTF-8.', {
      errorCode: 'unsupported_media_type',
    });
  }
}

export class UnsupportedContentEncoding extends UnsupportedMediaTypeException {
  constructor() {
    super('A body that is compressed or otherwise encoded is not taken.', {
      errorCode: 'unsupported_content_encoding',
    });
  }
}

export class ExpectationFailed extends HttpException {
  constructor() {
    super('That expectation cannot be met.', HttpStatus.EXPECTATION_FAILED, { errorCode: 'expectation_failed' });
  }
}

export class ValidationFailed extends UnprocessableEntityException {
  constructor(readonly errors: FieldProblem[] = []) {
    super('The request has fields that are not valid.', { errorCode: 'validation_failed' });
  }
}

export class TooManyRequests extends HttpException {
  /** @param retryAfter seconds until it is worth trying again */
  constructor(
    readonly retryAfter = 1,
    detail = 'That was too much in a short time.',
    errorCode = 'too_many_requests',
  ) {
    super(detail, HttpStatus.TOO_MANY_REQUESTS, { errorCode });
  }
}

export class TooManyRegistrations extends HttpException {
  /** @param retryAfter seconds until it is worth trying again */
  constructor(readonly retryAfter = 1) {
    super('Too many e-mail addresses were registered from this address today.', HttpStatus.TOO_MANY_REQUESTS, {
      errorCode: 'too_many_registrations',
    });
  }
}

export class DatabaseUnavailable extends ServiceUnavailableException {
  constructor() {
    super('The database cannot be reached at the moment.', { errorCode: 'database_unavailable' });
  }
}
