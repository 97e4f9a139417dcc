import { Injectable } from '@nestjs/common';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Transactions } from '../platform/database/transactions.js';
import { Events } from '../platform/events/events.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import { UsersService } from '../users/users.service.js';
import { PostQuota } from './post-quota.service.js';
import { Post } from './post.entity.js';
import { type PostCreate, type PostList, PostRead, type PostUpdate, PostWithCreator } from './posts.dto.js';
import { PostCreated } from './posts.events.js';

type Page<T> = NumberedPage<T> | KeysetPage<T>;

@Injectable()
export class PostsService {
  constructor(
    @InjectCrud(Post) private readonly posts: Crud<Post>,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
    private readonly quota: PostQuota,
    private readonly events: Events,
  ) {}

  /** Throws `PostQuotaExceeded`. */
  create(userId: number, body: PostCreate): Promise<PostRead> {
    return this.transactions.run(async () => {
      const post = await this.posts.create({ ...body, created_by_user_id: userId }, PostRead);
      await this.quota.require(userId);
      await this.events.publish(new PostCreated(post));
      return post;
    });
  }

  list(query: PostList): Promise<Page<PostWithCreator>> {
    return pageOf(this.posts, {}, PostWithCreator, query);
  }

  /** The posts of one user. Throws `UserNotFound`, which is only looked into when there is nothing to show. */
  async listOf(username: string, query: PostList): Promise<Page<PostRead>> {
    const page = await pageOf(this.posts, { creator: { username } }, PostRead, query);
    if (page.data.length === 0) await this.users.idOf(username);
    return page;
  }

  read(id: number): Promise<PostWithCreator> {
    return this.posts.getOrThrow({ id }, PostWithCreator);
  }

  readOf(username: string, id: number): Promise<PostRead> {
    return this.posts.getOrThrow({ id, creator: { username } }, PostRead);
  }

  /** The id of the author of a post under a user name. Throws `PostNotFound`. */
  async authorOf(username: string, id: number): Promise<number> {
    return (await this.posts.getOrThrow({ id, creator: { username } }, ['created_by_user_id'] as const))
      .created_by_user_id;
  }

  /** Changes the fields given, if the post is what the client has seen. Throws `PostQuotaExceeded`. */
  update(id: number, changes: PostUpdate, ifMatch?: Precondition): Promise<PostRead> {
    return this.transactions.run(async () => {
      const before = await this.posts.getOrThrow({ id }, PostRead, { lock: true });
      ifMatch?.(before);
      const post = await this.posts.updateOrThrow({ id }, changes, PostRead);
      if (bytesOf(post) > bytesOf(before)) await this.quota.require(post.created_by_user_id);
      return post;
    });
  }

  /** Deletes the post, if it is what the client has seen. */
  delete(id: number, ifMatch?: Precondition): Promise<void> {
    const seen = () => this.posts.getOrThrow({ id }, PostRead, { lock: true });
    return this.transactions.runIf(ifMatch, seen, () => this.posts.deleteOrThrow({ id }));
  }

  /** Deletes the row, soft-deleted or not. */
  erase(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      await this.posts.dbDeleteOrThrow({ id });
      ifMatch?.(undefined);
    });
  }

  restore(id: number): Promise<PostRead> {
    return this.posts.restoreOrThrow({ id }, PostRead);
  }
}

function bytesOf({ title, text, media_url }: PostRead): number {
  return Buffer.byteLength(title + text + (media_url ?? ''));
}
