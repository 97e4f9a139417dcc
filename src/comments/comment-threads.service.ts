import { Injectable } from '@nestjs/common';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Sql } from '../platform/database/sql.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import { Comment } from './comment.entity.js';
import { CommentedPosts } from './commented-posts.service.js';
import { type CommentList, type CommentRead, type CommentThread, StoredComment } from './comments.dto.js';
import { CommentNotFound } from './comments.errors.js';

type Page<T> = NumberedPage<T> | KeysetPage<T>;

// Of each comment; more are read with `?parent_id=`.
const FIRST_REPLIES = 3;
// Of the texts of all replies on a page, which are left out beyond that.
const REPLY_BYTES = 256 * 1024;

const LEVEL = `CROSS JOIN LATERAL (
  SELECT id, text FROM comment WHERE parent_id = above.id AND is_listed ORDER BY id LIMIT $2) AS reply`;
// Those of the page's own comments come before those of replies.
const REPLIES = {
  name: 'comment_replies',
  text: `
    WITH level_1 AS (SELECT reply.* FROM unnest($1::bigint[]) AS above(id) ${LEVEL}),
    level_2 AS (SELECT reply.* FROM level_1 AS above ${LEVEL})
    SELECT id FROM (
      SELECT id, sum(coalesce(octet_length(text), 0)) OVER (ORDER BY level, id) AS bytes
      FROM (SELECT 1 AS level, * FROM level_1 UNION ALL SELECT 2, * FROM level_2) AS replies
    ) AS sized WHERE bytes <= $3`,
};

/** Comments as readers see them. */
@Injectable()
export class CommentThreads {
  constructor(
    @InjectCrud(Comment) private readonly comments: Crud<Comment>,
    private readonly posts: CommentedPosts,
    private readonly sql: Sql,
  ) {}

  /** The comments on a post, or the replies to one of them. Throws `PostNotFound`, `CommentNotFound`. */
  async list(post_id: number, query: CommentList): Promise<Page<CommentThread>> {
    await this.posts.requireVisible(post_id);
    const { parent_id } = query;
    if (parent_id !== undefined) await this.find(post_id, parent_id);
    // One index has the rows of either in their order.
    const level = parent_id === undefined ? { post_id, depth: 1 } : { parent_id };
    const page = await pageOf(this.comments, { ...level, is_listed: true }, StoredComment, query, {
      deleted: 'include',
    });
    return { ...page, data: await this.withReplies(page.data) };
  }

  /** Throws `PostNotFound`, `CommentNotFound`. */
  async read(postId: number, id: number): Promise<CommentRead> {
    await this.posts.requireVisible(postId);
    return this.find(postId, id);
  }

  /** Throws `CommentNotFound` for what readers do not see. */
  async find(postId: number, id: number): Promise<CommentRead> {
    const comment = await this.see(postId, id);
    if (!comment) throw new CommentNotFound();
    return comment;
  }

  /** What readers see of a comment: all of it, a tombstone, or nothing. */
  async see(post_id: number, id: number): Promise<CommentRead | null> {
    const comment = await this.comments.get({ id, post_id, is_listed: true }, StoredComment, { deleted: 'include' });
    return comment && shown(comment);
  }

  private async withReplies(comments: StoredComment[]): Promise<CommentThread[]> {
    const replies = await this.repliesTo(comments);
    const to = ({ id }: CommentRead) => replies.filter(({ parent_id }) => parent_id === id);
    return comments.map((comment) => {
      const first = to(comment).map((reply) => ({ ...reply, replies: to(reply) }));
      return { ...shown(comment), replies: first };
    });
  }

  private async repliesTo(comments: StoredComment[]): Promise<CommentRead[]> {
    const answered = comments.filter(({ reply_count }) => reply_count > 0).map(({ id }) => id);
    if (answered.length === 0) return [];
    const { rows } = await this.sql.query<{ id: number }>({
      ...REPLIES,
      values: [answered, FIRST_REPLIES, REPLY_BYTES],
    });
    const ids = rows.map(({ id }) => id);
    const slice = { limit: ids.length, deleted: 'include' } as const;
    return (await this.comments.getMany({ id: ids }, StoredComment, slice)).map(shown).toReversed();
  }
}

/** A comment that is deleted or hidden says nothing of who wrote what. */
function shown({ is_author_deleted, ...comment }: StoredComment): CommentRead {
  const is_deleted = comment.is_deleted || is_author_deleted;
  return is_deleted || comment.is_hidden ? { ...comment, is_deleted, text: null, creator: null } : comment;
}
