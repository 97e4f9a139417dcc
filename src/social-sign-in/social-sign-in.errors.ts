import { ConflictException, ForbiddenException, NotFoundException, ServiceUnavailableException } from '@nestjs/common';

export class ProviderNotFound extends NotFoundException {
  constructor() {
    super('Nobody signs people in here by this name.', { errorCode: 'provider_not_found' });
  }
}

export class LinkNotFound extends NotFoundException {
  constructor() {
    super('Your account has no link with this id.', { errorCode: 'link_not_found' });
  }
}

/** Of a callback that belongs to no attempt of this browser: forged, used before, or too late. */
export class UnknownAttempt extends ForbiddenException {
  constructor() {
    super('This sign-in was not begun in this browser, is over, or took longer than ten minutes. Begin it again.', {
      errorCode: 'unknown_attempt',
    });
  }
}

export class IssuerUnavailable extends ServiceUnavailableException {
  constructor({ cause }: { cause?: unknown } = {}) {
    super('The site that should sign you in cannot be reached at the moment. Try again in a few seconds.', {
      errorCode: 'issuer_unavailable',
      cause,
    });
  }
}

export class SignInCancelled extends ForbiddenException {
  constructor() {
    super('The sign-in was cancelled.', { errorCode: 'sign_in_cancelled' });
  }
}

export class SignInRefused extends ForbiddenException {
  /** @param reason for the audit trail */
  constructor(readonly reason = 'unknown') {
    super('The other site did not prove who you are, or your account here is closed.', {
      errorCode: 'sign_in_refused',
    });
  }
}

export class EmailNeeded extends ForbiddenException {
  constructor() {
    super('The other site gives no e-mail address. Register here first, then link it to your account.', {
      errorCode: 'email_needed',
    });
  }
}

export class AccountExists extends ConflictException {
  constructor() {
    super('An account here has this e-mail address. Sign in to it, then link the other site.', {
      errorCode: 'account_exists',
    });
  }
}

export class LinkedElsewhere extends ConflictException {
  constructor() {
    super('Another account here is linked to this account of the other site.', { errorCode: 'linked_elsewhere' });
  }
}

export class AlreadyLinked extends ConflictException {
  constructor() {
    super('Your account is linked to another account of that site. Unlink that first.', {
      errorCode: 'already_linked',
    });
  }
}
