import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Cached, Invalidates } from '../platform/cache/cached.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { OwnerOr, Public } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { BodyLimit } from '../platform/http/requests/bodies.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { AccountOwnerGuard } from '../users/account-owner.guard.js';
import { UserNotFound } from '../users/users.errors.js';
import { PostOwnerGuard } from './post-owner.guard.js';
import { PostCreate, PostList, PostRead, PostUpdate } from './posts.dto.js';
import { PostNotFound, PostQuotaExceeded } from './posts.errors.js';
import { PostsService } from './posts.service.js';

// The longest texts, of characters that JSON writes in twelve bytes each.
const POST_BYTES = 800 * 1024;

const PostId = new IdOr(PostNotFound);

@ApiTags('posts')
@Controller('users/:username/posts')
export class UserPostsController {
  constructor(
    private readonly posts: PostsService,
    private readonly http: HttpConfig,
  ) {}

  @Post()
  @Idempotent()
  @BodyLimit({ bytes: POST_BYTES })
  @UseGuards(AccountOwnerGuard)
  @Invalidates('posts', 'user_posts:{username}')
  @Responds({
    operation: 'createPost',
    summary: 'Write a post',
    status: 201,
    type: PostRead,
    headers: { Location: 'The path of the post' },
    problems: [PostQuotaExceeded],
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() body: PostCreate,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PostRead> {
    const post = await this.posts.create(caller.id, body);
    const path = `${request.routeOptions.url!.replace(':username', caller.username)}/${post.id}`;
    reply.header('location', this.http.publicPath(path));
    return post;
  }

  @Get()
  @Public()
  @Cached({ key: 'user_posts:{username}', under: ['user:{username}', 'any_user_posts'], ttl: 600 })
  @Responds({
    operation: 'listUserPosts',
    summary: 'List the posts of a user, newest first',
    type: PageOf(PostRead, { keyset: true }),
    problems: [UserNotFound],
  })
  list(
    @Param('username') username: string,
    @Query() query: PostList,
  ): Promise<NumberedPage<PostRead> | KeysetPage<PostRead>> {
    return this.posts.listOf(username, query);
  }

  @Get(':post_id')
  @Public()
  @Cached({ key: 'post:{post_id}', under: ['user:{username}'], ttl: 3600 })
  @Responds({ operation: 'getUserPost', summary: 'Read a post', type: PostRead, problems: [PostNotFound] })
  read(@Param('username') username: string, @Param('post_id', PostId) id: number): Promise<PostRead> {
    return this.posts.readOf(username, id);
  }

  @Patch(':post_id')
  @BodyLimit({ bytes: POST_BYTES })
  @OwnerOr('posts.edit_any', PostOwnerGuard)
  @Invalidates('post:{post_id}', 'posts', 'user_posts:{username}')
  @Responds({
    operation: 'updatePost',
    summary: 'Change a post',
    type: PostRead,
    problems: [PostQuotaExceeded],
  })
  update(
    @Param('post_id', PostId) id: number,
    @Body() body: PostUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<PostRead> {
    return this.posts.update(id, body, ifMatch);
  }

  @Delete(':post_id')
  @OwnerOr('posts.edit_any', PostOwnerGuard)
  @Invalidates('post:{post_id}', 'posts', 'user_posts:{username}')
  @Responds({ operation: 'deletePost', summary: 'Delete a post', status: 204 })
  delete(@Param('post_id', PostId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.posts.delete(id, ifMatch);
  }
}
