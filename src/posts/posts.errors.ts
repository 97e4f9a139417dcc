import { ForbiddenException, NotFoundException } from '@nestjs/common';

export class PostNotFound extends NotFoundException {
  constructor() {
    super('There is no such post.', { errorCode: 'post_not_found' });
  }
}

export class NotYourPost extends ForbiddenException {
  constructor() {
    super('Only the author of the post may do this.', { errorCode: 'not_your_post' });
  }
}
