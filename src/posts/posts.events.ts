import { type DomainEvent, Event } from '../platform/events/event.js';
import { PostRead } from './posts.dto.js';

@Event('post.created', PostRead, 'A user has written a post')
export class PostCreated implements DomainEvent {
  readonly user_id = null;

  constructor(readonly payload: PostRead) {}
}
