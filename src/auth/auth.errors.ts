import { ForbiddenException, ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';

export class NotSignedIn extends UnauthorizedException {
  constructor() {
    super('Sign in first: this needs a valid access token.', { errorCode: 'not_signed_in' });
  }
}

export class WrongCredentials extends UnauthorizedException {
  constructor() {
    super('The user name or the password is wrong.', { errorCode: 'wrong_credentials' });
  }
}

export class SuperuserOnly extends ForbiddenException {
  constructor() {
    super('Only superusers may do this.', { errorCode: 'superuser_only' });
  }
}

export class TooBusy extends ServiceUnavailableException {
  constructor() {
    super('Too many people are signing in at the moment.', { errorCode: 'too_busy' });
  }
}
