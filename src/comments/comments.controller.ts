import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Cached, Invalidates } from '../platform/cache/cached.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Public } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { BodyLimit } from '../platform/http/requests/bodies.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { PostNotFound } from '../posts/posts.errors.js';
import { CommentThreads } from './comment-threads.service.js';
import { CommentCreate, CommentList, CommentRead, CommentThread, CommentUpdate } from './comments.dto.js';
import {
  CommentGone,
  CommentNotFound,
  CommentQuotaExceeded,
  NotYourComment,
  ParentNotFound,
  ThreadTooDeep,
} from './comments.errors.js';
import { CommentsService } from './comments.service.js';

// The longest texts, of characters that JSON writes in twelve bytes each.
const COMMENT_BYTES = 118 * 1024;

const PostId = new IdOr(PostNotFound);
const CommentId = new IdOr(CommentNotFound);

@ApiTags('comments')
@Controller('posts/:post_id/comments')
export class CommentsController {
  constructor(
    private readonly comments: CommentsService,
    private readonly threads: CommentThreads,
    private readonly http: HttpConfig,
  ) {}

  @Post()
  @Idempotent()
  @BodyLimit({ bytes: COMMENT_BYTES })
  @Invalidates('post:{post_id}', 'posts')
  @Responds({
    operation: 'createComment',
    summary: 'Comment on a post, or reply to a comment',
    status: 201,
    type: CommentRead,
    headers: { Location: 'The path of the comment' },
    problems: [PostNotFound, ParentNotFound, CommentGone, ThreadTooDeep, CommentQuotaExceeded],
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Param('post_id', PostId) postId: number,
    @Body() body: CommentCreate,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommentRead> {
    const comment = await this.comments.create(caller.id, postId, body);
    const path = `${request.routeOptions.url!.replace(':post_id', String(postId))}/${comment.id}`;
    reply.header('location', this.http.publicPath(path));
    return comment;
  }

  @Get()
  @Public()
  @Cached({ key: 'post_comments:{post_id}', under: ['post:{post_id}', 'creators'], ttl: 600 })
  @Responds({
    operation: 'listComments',
    summary: 'List the comments on a post, newest first, each with its first replies',
    type: PageOf(CommentThread, { keyset: true }),
    problems: [PostNotFound, CommentNotFound],
  })
  list(
    @Param('post_id', PostId) postId: number,
    @Query() query: CommentList,
  ): Promise<NumberedPage<CommentThread> | KeysetPage<CommentThread>> {
    return this.threads.list(postId, query);
  }

  @Get(':comment_id')
  @Public()
  @Cached({ key: 'post_comments:{post_id}', under: ['post:{post_id}', 'creators'], ttl: 3600 })
  @Responds({
    operation: 'getComment',
    summary: 'Read a comment',
    type: CommentRead,
    problems: [PostNotFound, CommentNotFound],
  })
  read(@Param('post_id', PostId) postId: number, @Param('comment_id', CommentId) id: number): Promise<CommentRead> {
    return this.threads.read(postId, id);
  }

  @Patch(':comment_id')
  @BodyLimit({ bytes: COMMENT_BYTES })
  @Invalidates('post_comments:{post_id}')
  @Responds({
    operation: 'updateComment',
    summary: 'Change one of your own comments',
    type: CommentRead,
    problems: [PostNotFound, CommentNotFound, NotYourComment, CommentGone, CommentQuotaExceeded],
  })
  update(
    @CurrentCaller() caller: Caller,
    @Param('post_id', PostId) postId: number,
    @Param('comment_id', CommentId) id: number,
    @Body() body: CommentUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<CommentRead> {
    return this.comments.update(caller.id, postId, id, body, ifMatch);
  }

  @Delete(':comment_id')
  @Invalidates('post:{post_id}', 'posts')
  @Responds({
    operation: 'deleteComment',
    summary: 'Delete one of your own comments',
    status: 204,
    problems: [PostNotFound, CommentNotFound, NotYourComment],
  })
  delete(
    @CurrentCaller() caller: Caller,
    @Param('post_id', PostId) postId: number,
    @Param('comment_id', CommentId) id: number,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.comments.delete(caller.id, postId, id, ifMatch);
  }
}
