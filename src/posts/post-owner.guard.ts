import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { mayActForOwner } from '../platform/http/access/access.js';
import type { SignedInRequest } from '../platform/http/access/caller.js';
import { Throws } from '../platform/http/responses/response-docs.js';
import { parseId } from '../platform/http/requests/path-ids.js';
import { NotYourPost, PostNotFound } from './posts.errors.js';
import { PostsService } from './posts.service.js';

/** Signed in → the post exists under that user name → the caller wrote it, or may act for who did. */
@Injectable()
@Throws(PostNotFound, NotYourPost)
export class PostOwnerGuard implements CanActivate {
  constructor(private readonly posts: PostsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const { username, post_id } = request.params as { username: string; post_id: string };
    const id = parseId(post_id);
    if (id === undefined) throw new PostNotFound();
    const isAuthor = (await this.posts.authorOf(username, id)) === request.user.id;
    if (!isAuthor && !mayActForOwner(context)) throw new NotYourPost();
    return true;
  }
}
