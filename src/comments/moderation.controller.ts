import { Controller, Delete, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Invalidates } from '../platform/cache/cached.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PostNotFound } from '../posts/posts.errors.js';
import { CommentNotFound, NotModerator } from './comments.errors.js';
import { ModerationService } from './moderation.service.js';

const PostId = new IdOr(PostNotFound);
const CommentId = new IdOr(CommentNotFound);

@ApiTags('comments')
@Controller('posts/:post_id/comments/:comment_id/hide')
export class ModerationController {
  constructor(private readonly moderation: ModerationService) {}

  @Post()
  @Invalidates('post:{post_id}', 'posts')
  @Responds({
    operation: 'hideComment',
    summary: 'Hide a comment on one of your own posts',
    status: 204,
    problems: [PostNotFound, CommentNotFound, NotModerator],
  })
  hide(
    @CurrentCaller() caller: Caller,
    @Param('post_id', PostId) postId: number,
    @Param('comment_id', CommentId) id: number,
    @CurrentClient() client: Client,
  ): Promise<void> {
    return this.moderation.hide(caller, postId, id, client);
  }

  @Delete()
  @Invalidates('post:{post_id}', 'posts')
  @Responds({
    operation: 'unhideComment',
    summary: 'Show a comment again that was hidden',
    status: 204,
    problems: [PostNotFound, CommentNotFound, NotModerator],
  })
  unhide(
    @CurrentCaller() caller: Caller,
    @Param('post_id', PostId) postId: number,
    @Param('comment_id', CommentId) id: number,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.moderation.unhide(caller, postId, id, client, ifMatch);
  }
}
