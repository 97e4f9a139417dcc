import { ServiceUnavailableException, UnprocessableEntityException } from '@nestjs/common';

export class PageTooLarge extends UnprocessableEntityException {
  readonly errors = [
    { field: 'items_per_page', message: 'items_per_page must be lower for this page, or after must take its place' },
  ];

  constructor() {
    super('The rows of this page are more than one answer may hold.', { errorCode: 'page_too_large' });
  }
}

export class TooManyLargePages extends ServiceUnavailableException {
  constructor() {
    super('Too many large pages are asked for at the moment.', { errorCode: 'too_many_large_pages' });
  }
}
