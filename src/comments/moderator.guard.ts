import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { mayActForOwner } from '../platform/http/access/access.js';
import type { SignedInRequest } from '../platform/http/access/caller.js';
import { Throws } from '../platform/http/responses/response-docs.js';
import { parseId } from '../platform/http/requests/path-ids.js';
import { PostNotFound } from '../posts/posts.errors.js';
import { CommentedPosts } from './commented-posts.service.js';
import { NotModerator } from './comments.errors.js';

/** Signed in → the post exists → the caller wrote it, or may act for who did. */
@Injectable()
@Throws(PostNotFound, NotModerator)
export class ModeratorGuard implements CanActivate {
  constructor(private readonly posts: CommentedPosts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const id = parseId((request.params as { post_id: string }).post_id);
    if (id === undefined) throw new PostNotFound();
    const isAuthor = (await this.posts.authorOf(id)) === request.user.id;
    if (!isAuthor && !mayActForOwner(context)) throw new NotModerator();
    return true;
  }
}
