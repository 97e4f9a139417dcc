import { Controller, Delete, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Invalidates } from '../platform/cache/cached.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { Requires, Superuser } from '../platform/http/access/access.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PostRead } from './posts.dto.js';
import { PostNotFound } from './posts.errors.js';
import { PostsService } from './posts.service.js';

const PostId = new IdOr(PostNotFound);

@ApiTags('admin')
@Controller('admin/posts/:post_id')
@Superuser()
export class PostsAdminController {
  constructor(private readonly posts: PostsService) {}

  @Delete()
  @Invalidates('post:{post_id}', 'posts', 'any_user_posts')
  @Responds({ operation: 'purgePost', summary: 'Purge a post', status: 204, problems: [PostNotFound] })
  erase(@Param('post_id', PostId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.posts.erase(id, ifMatch);
  }

  @Post('restore')
  @Requires('posts.restore')
  @Invalidates('post:{post_id}', 'posts', 'any_user_posts')
  @Responds({ operation: 'restorePost', summary: 'Restore a deleted post', type: PostRead, problems: [PostNotFound] })
  restore(@Param('post_id', PostId) id: number): Promise<PostRead> {
    return this.posts.restore(id);
  }
}
