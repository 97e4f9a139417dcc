import { Controller, Delete, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Invalidates } from '../platform/cache/cached.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { OwnerOr } from '../platform/http/access/access.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PostNotFound } from '../posts/posts.errors.js';
import { CommentNotFound } from './comments.errors.js';
import { ModerationService } from './moderation.service.js';
import { ModeratorGuard } from './moderator.guard.js';

const PostId = new IdOr(PostNotFound);
const CommentId = new IdOr(CommentNotFound);

@ApiTags('comments')
@Controller('posts/:post_id/comments/:comment_id/hide')
@OwnerOr('comments.moderate', ModeratorGuard)
export class ModerationController {
  constructor(private readonly moderation: ModerationService) {}

  @Post()
  @Invalidates('post:{post_id}', 'posts')
  @Responds({ operation: 'hideComment', summary: 'Hide a comment', status: 204, problems: [CommentNotFound] })
  hide(@Param('post_id', PostId) postId: number, @Param('comment_id', CommentId) id: number): Promise<void> {
    return this.moderation.hide(postId, id);
  }

  @Delete()
  @Invalidates('post:{post_id}', 'posts')
  @Responds({
    operation: 'unhideComment',
    summary: 'Show a comment again that was hidden',
    status: 204,
    problems: [CommentNotFound],
  })
  unhide(
    @Param('post_id', PostId) postId: number,
    @Param('comment_id', CommentId) id: number,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.moderation.unhide(postId, id, ifMatch);
  }
}
