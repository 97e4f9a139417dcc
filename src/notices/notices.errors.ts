import { ConflictException, NotFoundException } from '@nestjs/common';

export class NoticeNotFound extends NotFoundException {
  constructor() {
    super('There is no notice of this name.', { errorCode: 'notice_not_found' });
  }
}

export class NoticeRequired extends ConflictException {
  constructor() {
    super('This notice is about the security of your account. It cannot be turned off.', {
      errorCode: 'notice_required',
    });
  }
}
