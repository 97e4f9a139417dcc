import { Injectable, Logger } from '@nestjs/common';
import { ResponseCache } from '../platform/cache/response-cache.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { Post } from '../posts/post.entity.js';
import { AccountEvents } from '../users/accounts.events.js';
import { CommentedPost } from './commented-post.dto.js';

const LOCK_AUTHOR = { name: 'comment_author', text: 'SELECT id FROM "user" WHERE id = $1 FOR SHARE' };
const COMMENTED_BY = {
  name: 'comment_posts',
  text: `SELECT DISTINCT p.id, u.username FROM comment c JOIN post p ON p.id = c.post_id
    JOIN "user" u ON u.id = p.created_by_user_id WHERE c.created_by_user_id = $1`,
};

/** The posts that comments are about, which show how many they have. */
@Injectable()
export class CommentedPosts {
  private readonly logger = new Logger(CommentedPosts.name);

  constructor(
    @InjectCrud(Post) private readonly posts: Crud<Post>,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly cache: ResponseCache,
    accounts: AccountEvents,
  ) {
    const drop = (userId: number) => this.dropAllOf(userId);
    accounts.subscribe({ deleted: drop, restored: drop, purged: drop });
  }

  /** Throws `PostNotFound`. */
  async requireVisible(id: number): Promise<void> {
    await this.posts.getOrThrow({ id }, ['id'] as const);
  }

  /** The id of the author of a post. Throws `PostNotFound`. */
  async authorOf(id: number): Promise<number> {
    return (await this.posts.getOrThrow({ id }, ['created_by_user_id'] as const)).created_by_user_id;
  }

  /**
   * Changes which comments of a post are seen, and drops the list that its author's name leads to: the path of the route
   * does not have that. Throws `PostNotFound`.
   * @param author of a new comment
   */
  async change<T>(id: number, work: (post: CommentedPost) => Promise<T>, author?: number): Promise<T> {
    const change = async (post: CommentedPost) => ({ post, result: await work(post) });
    const { post, result } = await this.locked(id, change, author);
    await this.cache.invalidate([listOf(post.creator)]);
    return result;
  }

  /**
   * Works on the comments of a post, which nobody else does meanwhile. What locks several rows, triggers included, takes
   * accounts first, then posts, then comments. Throws `PostNotFound`.
   * @param author whose account is not deleted meanwhile
   */
  locked<T>(id: number, work: (post: CommentedPost) => Promise<T>, author?: number): Promise<T> {
    return this.transactions.run(async () => {
      if (author !== undefined) await this.sql.query({ ...LOCK_AUTHOR, values: [author] });
      return work(await this.posts.getOrThrow({ id }, CommentedPost, { lock: true }));
    });
  }

  /** Drops what shows how many comments there are, as those of this account come or go. */
  private async dropAllOf(userId: number): Promise<void> {
    const { rows } = await this.sql.query<{ id: number; username: string }>({ ...COMMENTED_BY, values: [userId] });
    const keys = new Set(rows.flatMap((post) => [`post:${post.id}`, listOf(post)]));
    if (keys.size > 0) this.transactions.afterCommit(() => void this.drop([...keys]));
  }

  private drop(keys: string[]): Promise<void> {
    return this.cache.invalidate(keys).catch((error: Error) => {
      this.logger.warn(`other processes were not told of ${keys.length} keys to drop: ${error.message}`);
    });
  }
}

function listOf({ username }: { username: string }): string {
  return `user_posts:${username}`;
}
