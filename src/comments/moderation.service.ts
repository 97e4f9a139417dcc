import { Injectable } from '@nestjs/common';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Events } from '../platform/events/events.js';
import { Comment } from './comment.entity.js';
import { CommentedPosts } from './commented-posts.service.js';
import { CommentHidden } from './comments.events.js';

const HIDEABLE = ['id', 'post_id', 'parent_id', 'depth', 'is_hidden'] as const;

/** What the author of a post and moderators do with the comments of others. */
@Injectable()
export class ModerationService {
  constructor(
    @InjectCrud(Comment) private readonly comments: Crud<Comment>,
    private readonly posts: CommentedPosts,
    private readonly events: Events,
  ) {}

  /** Throws `PostNotFound`, `CommentNotFound`. */
  hide(post_id: number, id: number): Promise<void> {
    return this.posts.change(post_id, async ({ creator }) => {
      const { is_hidden, ...comment } = await this.comments.getOrThrow({ id, post_id }, HIDEABLE);
      if (is_hidden) return;
      await this.comments.updateOrThrow({ id }, { is_hidden: true, hidden_at: new Date() }, ['id'] as const);
      await this.events.publish(new CommentHidden(comment, creator.id));
    });
  }

  /** Throws `PostNotFound`, `CommentNotFound`. */
  unhide(post_id: number, id: number, ifMatch?: Precondition): Promise<void> {
    return this.posts.change(post_id, async () => {
      const { is_hidden } = await this.comments.getOrThrow({ id, post_id }, HIDEABLE);
      ifMatch?.(undefined);
      if (is_hidden) await this.comments.updateOrThrow({ id }, { is_hidden: false, hidden_at: null }, ['id'] as const);
    });
  }
}
