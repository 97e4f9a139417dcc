import { ServiceUnavailableException } from '@nestjs/common';

export class TooBusy extends ServiceUnavailableException {
  constructor() {
    super('Too many people are signing in at the moment. Try again in a few seconds.', { errorCode: 'too_busy' });
  }
}
