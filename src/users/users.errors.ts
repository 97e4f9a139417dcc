import { ConflictException, ForbiddenException, NotFoundException } from '@nestjs/common';

export class UserNotFound extends NotFoundException {
  constructor() {
    super('There is no user with this user name.', { errorCode: 'user_not_found' });
  }
}

export class UsernameTaken extends ConflictException {
  constructor() {
    super('This user name is already taken.', { errorCode: 'username_taken' });
  }
}

export class EmailTaken extends ConflictException {
  constructor() {
    super('Another account already has this e-mail address.', { errorCode: 'email_taken' });
  }
}

export class EmailNeedsConfirmation extends ConflictException {
  constructor() {
    super('Your e-mail address is verified. It changes only when the new one has been confirmed.', {
      errorCode: 'email_needs_confirmation',
    });
  }
}

export class LastSuperuser extends ConflictException {
  constructor() {
    super('This is the last superuser. Make somebody else a superuser first.', { errorCode: 'last_superuser' });
  }
}

export class NotYourAccount extends ForbiddenException {
  constructor() {
    super('Only the owner of the account may do this.', { errorCode: 'not_your_account' });
  }
}

export class WrongPassword extends ForbiddenException {
  constructor() {
    super('The current password is wrong.', { errorCode: 'wrong_password' });
  }
}
