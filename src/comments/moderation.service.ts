import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/http/access/caller.js';
import type { Client } from '../platform/http/requests/client-info.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Events } from '../platform/events/events.js';
import { audit } from '../platform/runtime/log/audit.js';
import { Comment } from './comment.entity.js';
import type { CommentedPost } from './commented-post.dto.js';
import { CommentedPosts } from './commented-posts.service.js';
import { NotModerator } from './comments.errors.js';
import { CommentHidden } from './comments.events.js';

const HIDEABLE = ['id', 'post_id', 'parent_id', 'depth', 'is_hidden'] as const;

/** What the author of a post and superusers do with the comments of others. */
@Injectable()
export class ModerationService {
  constructor(
    @InjectCrud(Comment) private readonly comments: Crud<Comment>,
    private readonly posts: CommentedPosts,
    private readonly events: Events,
  ) {}

  /** Throws `PostNotFound`, `CommentNotFound`, `NotModerator`. */
  async hide(caller: Caller, postId: number, id: number, client: Client): Promise<void> {
    await this.posts.change(postId, async (post) => {
      const { is_hidden, ...comment } = await this.requireHideable(caller, post, id);
      if (is_hidden) return;
      await this.comments.updateOrThrow({ id }, { is_hidden: true, hidden_at: new Date() }, ['id'] as const);
      await this.events.publish(new CommentHidden(comment, post.creator.id));
    });
    record('comment_hidden', caller, id, client);
  }

  /** Throws `PostNotFound`, `CommentNotFound`, `NotModerator`. */
  async unhide(caller: Caller, postId: number, id: number, client: Client, ifMatch?: Precondition): Promise<void> {
    await this.posts.change(postId, async (post) => {
      const { is_hidden } = await this.requireHideable(caller, post, id);
      ifMatch?.(undefined);
      if (is_hidden) await this.comments.updateOrThrow({ id }, { is_hidden: false, hidden_at: null }, ['id'] as const);
    });
    record('comment_unhidden', caller, id, client);
  }

  private async requireHideable(caller: Caller, { id: post_id, creator }: CommentedPost, id: number) {
    const comment = await this.comments.getOrThrow({ id, post_id }, HIDEABLE);
    if (creator.id !== caller.id && !caller.is_superuser) throw new NotModerator();
    return comment;
  }
}

/** Superusers may be asked why. */
function record(
  event: 'comment_hidden' | 'comment_unhidden',
  caller: Caller,
  comment_id: number,
  client: Client,
): void {
  const { id: user_id, session_id, is_superuser } = caller;
  if (is_superuser) audit(event, { user_id, session_id, comment_id, ...client });
}
