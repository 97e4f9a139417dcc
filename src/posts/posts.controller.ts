import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Cached } from '../platform/cache/cached.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Public } from '../platform/http/access/access.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { PostList, PostWithCreator } from './posts.dto.js';
import { PostNotFound } from './posts.errors.js';
import { PostsService } from './posts.service.js';

@ApiTags('posts')
@Controller('posts')
export class PostsController {
  constructor(private readonly posts: PostsService) {}

  @Get()
  @Public()
  @Cached({ key: 'posts', under: ['creators'], ttl: 600 })
  @Responds({
    operation: 'listPosts',
    summary: 'List the posts of all users, newest first',
    type: PageOf(PostWithCreator, { keyset: true }),
  })
  list(@Query() query: PostList): Promise<NumberedPage<PostWithCreator> | KeysetPage<PostWithCreator>> {
    return this.posts.list(query);
  }

  @Get(':post_id')
  @Public()
  @Cached({ key: 'post:{post_id}', under: ['creators'], ttl: 3600 })
  @Responds({
    operation: 'getPost',
    summary: 'Read a post with its author',
    type: PostWithCreator,
    problems: [PostNotFound],
  })
  read(@Param('post_id', new IdOr(PostNotFound)) id: number): Promise<PostWithCreator> {
    return this.posts.read(id);
  }
}
