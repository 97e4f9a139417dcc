import { Injectable } from '@nestjs/common';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import type { GetOptions, Selection } from '../platform/database/crud/crud.options.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import type { Filter } from '../platform/database/crud/filter.js';
import { Transactions } from '../platform/database/transactions.js';
import { type KeysetQuery, pageOf } from '../platform/http/lists/pagination.js';
import { UsersService } from '../users/users.service.js';
import { PostQuota } from './post-quota.service.js';
import { Post } from './post.entity.js';
import { type PostCreate, PostRead, type PostUpdate, PostWithCreator } from './posts.dto.js';
import { PostNotFound } from './posts.errors.js';

type Page<T> = NumberedPage<T> | KeysetPage<T>;

@Injectable()
export class PostsService {
  constructor(
    @InjectCrud(Post) private readonly posts: Crud<Post>,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
    private readonly quota: PostQuota,
  ) {}

  /** Throws `PostQuotaExceeded`. */
  create(userId: number, body: PostCreate): Promise<PostRead> {
    return this.transactions.run(async () => {
      const post = await this.posts.create({ ...body, created_by_user_id: userId }, PostRead);
      await this.quota.require(userId);
      return post;
    });
  }

  list(query: KeysetQuery, asOf?: number): Promise<Page<PostWithCreator>> {
    return pageOf(this.posts, 'posts', {}, PostWithCreator, query, { asOf });
  }

  /** The posts of one user. Throws `UserNotFound`, which is only looked into when there is nothing to show. */
  async listOf(username: string, query: KeysetQuery, asOf?: number): Promise<Page<PostRead>> {
    const where = { creator: { username } };
    const page = await pageOf(this.posts, `posts of ${username}`, where, PostRead, query, { asOf });
    if (page.data.length === 0) await this.users.idOf(username, asOf);
    return page;
  }

  read(id: number, asOf?: number): Promise<PostWithCreator> {
    return this.find({ id }, PostWithCreator, { asOf });
  }

  readOf(username: string, id: number, asOf?: number): Promise<PostRead> {
    return this.find({ id, creator: { username } }, PostRead, { asOf });
  }

  /** The id of the author of a post under a user name. Throws `PostNotFound`. */
  async authorOf(username: string, id: number): Promise<number> {
    return (await this.find({ id, creator: { username } }, ['created_by_user_id'] as const)).created_by_user_id;
  }

  /** Changes the fields given, if the post is what the client has seen. Throws `PostQuotaExceeded`. */
  update(id: number, changes: PostUpdate, ifMatch?: Precondition): Promise<PostRead> {
    return this.transactions.run(async () => {
      const before = await this.find({ id }, PostRead, { lock: true });
      ifMatch?.(before);
      const post = found(await this.posts.update({ id }, changes, PostRead));
      if (bytesOf(post) > bytesOf(before)) await this.quota.require(post.created_by_user_id);
      return post;
    });
  }

  /** Deletes the post, if it is what the client has seen. */
  delete(id: number, ifMatch?: Precondition): Promise<void> {
    return this.conditionally(id, ifMatch, async () => {
      if (!(await this.posts.delete({ id }))) throw new PostNotFound();
    });
  }

  /** Deletes the row, soft-deleted or not. */
  erase(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      if (!(await this.posts.dbDelete({ id }))) throw new PostNotFound();
      ifMatch?.(undefined);
    });
  }

  async restore(id: number): Promise<PostRead> {
    return found(await this.posts.restore({ id }, PostRead));
  }

  private conditionally<T>(id: number, ifMatch: Precondition | undefined, change: () => Promise<T>): Promise<T> {
    return this.transactions.runIf(ifMatch, () => this.find({ id }, PostRead, { lock: true }), change);
  }

  private async find<T>(where: Filter<Post>, as: Selection<Post, T>, options: GetOptions = {}): Promise<T> {
    return found(await this.posts.get(where, as, options));
  }
}

function bytesOf({ title, text, media_url }: PostRead): number {
  return Buffer.byteLength(title + text + (media_url ?? ''));
}

function found<T>(post: T | null): T {
  if (post === null) throw new PostNotFound();
  return post;
}
