import { ServiceUnavailableException, UnprocessableEntityException } from '@nestjs/common';

export class PageTooLarge extends UnprocessableEntityException {
  readonly errors = [
    { field: 'items_per_page', message: 'items_per_page must be smaller for this page, or use after instead of page' },
  ];

  constructor() {
    super('This page is larger than a response may be.', { errorCode: 'page_too_large' });
  }
}

export class TooManyLargePages extends ServiceUnavailableException {
  constructor() {
    super('The server is loading too many large pages. Try again in a few seconds.', {
      errorCode: 'too_many_large_pages',
    });
  }
}
