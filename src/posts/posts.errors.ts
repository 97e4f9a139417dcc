import { ConflictException, ForbiddenException, NotFoundException } from '@nestjs/common';

export class PostNotFound extends NotFoundException {
  constructor() {
    super('There is no post with this id.', { errorCode: 'post_not_found' });
  }
}

export class PostQuotaExceeded extends ConflictException {
  constructor() {
    super(
      'You have reached the limit on the number or the size of your posts. Deleted posts count until they are purged.',
      {
        errorCode: 'post_quota_exceeded',
      },
    );
  }
}

export class NotYourPost extends ForbiddenException {
  constructor() {
    super('Only the author of the post may do this.', { errorCode: 'not_your_post' });
  }
}
