import { ConflictException, ForbiddenException, NotFoundException } from '@nestjs/common';

export class PostNotFound extends NotFoundException {
  constructor() {
    super('There is no such post.', { errorCode: 'post_not_found' });
  }
}

export class PostQuotaExceeded extends ConflictException {
  constructor() {
    super('You have as many posts, or as long ones, as one user may have. Deleted ones count until they are purged.', {
      errorCode: 'post_quota_exceeded',
    });
  }
}

export class NotYourPost extends ForbiddenException {
  constructor() {
    super('Only the author of the post may do this.', { errorCode: 'not_your_post' });
  }
}
