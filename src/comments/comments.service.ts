import { Injectable } from '@nestjs/common';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Events } from '../platform/events/events.js';
import { Comment } from './comment.entity.js';
import { CommentQuota } from './comment-quota.service.js';
import { CommentThreads } from './comment-threads.service.js';
import type { CommentedPost } from './commented-post.dto.js';
import { CommentedPosts } from './commented-posts.service.js';
import type { CommentCreate, CommentRead, CommentUpdate } from './comments.dto.js';
import { CommentGone, CommentNotFound, NotYourComment, ParentNotFound, ThreadTooDeep } from './comments.errors.js';
import { CommentCreated } from './comments.events.js';

const DEEPEST = 3;

/** What authors do with their comments. */
@Injectable()
export class CommentsService {
  constructor(
    @InjectCrud(Comment) private readonly comments: Crud<Comment>,
    private readonly posts: CommentedPosts,
    private readonly threads: CommentThreads,
    private readonly quota: CommentQuota,
    private readonly events: Events,
  ) {}

  /** Throws `PostNotFound`, `ParentNotFound`, `CommentGone`, `ThreadTooDeep`, `CommentQuotaExceeded`. */
  create(userId: number, post_id: number, { text, parent_id = null }: CommentCreate): Promise<CommentRead> {
    const write = async ({ creator }: CommentedPost) => {
      const depth = parent_id === null ? 1 : await this.depthBelow(post_id, parent_id);
      const values = { post_id, parent_id, depth, text, created_by_user_id: userId };
      const { id } = await this.comments.create(values, ['id'] as const);
      await this.quota.require(userId);
      const comment = await this.threads.find(post_id, id);
      await this.events.publish(new CommentCreated(comment, creator.id));
      return comment;
    };
    return this.posts.change(post_id, write, userId);
  }

  /** Changes the text, if the comment is what the client has seen. Throws like `requireOwn`. */
  update(
    userId: number,
    postId: number,
    id: number,
    changes: CommentUpdate,
    ifMatch?: Precondition,
  ): Promise<CommentRead> {
    return this.posts.locked(postId, async () => {
      await this.requireOwn(userId, postId, id);
      const before = await this.threads.find(postId, id);
      if (before.text === null) throw new CommentGone();
      ifMatch?.(before);
      await this.comments.updateOrThrow({ id }, { text: changes.text }, ['id'] as const);
      if (isLonger(changes.text, before.text)) await this.quota.require(userId);
      return this.threads.find(postId, id);
    });
  }

  /** Deletes the comment, also where it is hidden, if it is what the client has seen. Throws like `requireOwn`. */
  delete(userId: number, postId: number, id: number, ifMatch?: Precondition): Promise<void> {
    return this.posts.change(postId, async () => {
      await this.requireOwn(userId, postId, id);
      if (ifMatch) ifMatch(await this.threads.find(postId, id));
      await this.comments.deleteOrThrow({ id });
    });
  }

  private async depthBelow(postId: number, id: number): Promise<number> {
    const parent = await this.threads.see(postId, id);
    if (!parent) throw new ParentNotFound();
    if (parent.text === null) throw new CommentGone();
    if (parent.depth === DEEPEST) throw new ThreadTooDeep();
    return parent.depth + 1;
  }

  /** Throws `CommentNotFound` for what readers do not see, and `NotYourComment` for the comments of others. */
  private async requireOwn(userId: number, post_id: number, id: number): Promise<void> {
    const columns = ['created_by_user_id', 'is_deleted', 'is_listed'] as const;
    const comment = await this.comments.getOrThrow({ id, post_id }, columns, { deleted: 'include' });
    const isOwn = comment.created_by_user_id === userId;
    if (isOwn && !comment.is_deleted) return;
    throw isOwn || !comment.is_listed ? new CommentNotFound() : new NotYourComment();
  }
}

function isLonger(text: string, before: string): boolean {
  return Buffer.byteLength(text) > Buffer.byteLength(before);
}
