import { type DomainEvent, Event } from '../platform/events/event.js';
import { CommentRead, HiddenComment } from './comments.dto.js';

@Event('comment.created', CommentRead, 'Somebody has commented on a post, or replied to a comment on it')
export class CommentCreated implements DomainEvent {
  /** @param user_id the author of the post */
  constructor(
    readonly payload: CommentRead,
    readonly user_id: number,
  ) {}
}

@Event('comment.hidden', HiddenComment, 'A comment was hidden by the author of the post or a superuser')
export class CommentHidden implements DomainEvent {
  /** @param user_id the author of the post */
  constructor(
    readonly payload: HiddenComment,
    readonly user_id: number,
  ) {}
}
