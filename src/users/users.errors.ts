import { ConflictException, ForbiddenException, NotFoundException } from '@nestjs/common';

export class UserNotFound extends NotFoundException {
  constructor() {
    super('There is no such user.', { errorCode: 'user_not_found' });
  }
}

export class UsernameTaken extends ConflictException {
  constructor() {
    super('That user name is taken.', { errorCode: 'username_taken' });
  }
}

export class EmailTaken extends ConflictException {
  constructor() {
    super('That e-mail address belongs to another account.', { errorCode: 'email_taken' });
  }
}

export class LastSuperuser extends ConflictException {
  constructor() {
    super('The last superuser has to stay: make someone else one first.', { errorCode: 'last_superuser' });
  }
}

export class NotYourAccount extends ForbiddenException {
  constructor() {
    super('Only the owner of the account may do this.', { errorCode: 'not_your_account' });
  }
}

export class ExportNotFound extends NotFoundException {
  constructor() {
    super('There is no such export of yours.', { errorCode: 'export_not_found' });
  }
}
