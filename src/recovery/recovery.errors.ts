import { ConflictException, ForbiddenException } from '@nestjs/common';

/** One for all reasons, which a stranger should not learn. */
export class InvalidLink extends ForbiddenException {
  constructor() {
    super('This link is not valid. It may have expired, been used, or been replaced by a newer one.', {
      errorCode: 'invalid_link',
    });
  }
}

export class EmailAlreadyVerified extends ConflictException {
  constructor() {
    super('Your e-mail address is verified already.', { errorCode: 'email_already_verified' });
  }
}

/** Of accounts whose address nobody has verified, where the settings want that. */
export class EmailVerificationRequired extends ForbiddenException {
  constructor() {
    super('Verify your e-mail address first, by the link that was sent there.', {
      errorCode: 'email_verification_required',
    });
  }
}

/** Of accounts whose address somebody else has proved. */
export class NewEmailRequired extends ForbiddenException {
  constructor() {
    super('Your e-mail address belongs to another account, whose owner has verified it. Change yours first.', {
      errorCode: 'new_email_required',
    });
  }
}
