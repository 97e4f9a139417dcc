import { ConflictException, ForbiddenException, NotFoundException, UnprocessableEntityException } from '@nestjs/common';

export class CommentNotFound extends NotFoundException {
  constructor() {
    super('There is no comment with this id on this post.', { errorCode: 'comment_not_found' });
  }
}

export class ParentNotFound extends NotFoundException {
  constructor() {
    super('There is no comment with the id in parent_id on this post.', { errorCode: 'parent_not_found' });
  }
}

export class CommentGone extends ConflictException {
  constructor() {
    super('This comment was deleted or hidden.', { errorCode: 'comment_gone' });
  }
}

export class ThreadTooDeep extends UnprocessableEntityException {
  constructor() {
    super('A reply to a reply takes no replies. Reply to the comment that it answers.', {
      errorCode: 'thread_too_deep',
    });
  }
}

export class NotYourComment extends ForbiddenException {
  constructor() {
    super('Only the author of the comment may do this.', { errorCode: 'not_your_comment' });
  }
}

export class NotModerator extends ForbiddenException {
  constructor() {
    super('Only the author of the post and moderators may do this.', { errorCode: 'not_moderator' });
  }
}

export class CommentQuotaExceeded extends ConflictException {
  constructor() {
    super(
      'You have reached the limit on the number or the size of your comments. Deleted comments count until they are purged.',
      { errorCode: 'comment_quota_exceeded' },
    );
  }
}

export class AlreadyReported extends ConflictException {
  constructor() {
    super('You have already reported this comment.', { errorCode: 'already_reported' });
  }
}

export class ReportQuotaExceeded extends ConflictException {
  constructor() {
    super('You have reached the limit on the number of your reports.', { errorCode: 'report_quota_exceeded' });
  }
}

export class ReportNotFound extends NotFoundException {
  constructor() {
    super('There is no report with this id.', { errorCode: 'report_not_found' });
  }
}
