import { Module } from '@nestjs/common';
import { CacheModule } from '../platform/cache/cache.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { UserNotFound } from '../users/users.errors.js';
import { UsersModule } from '../users/users.module.js';
import { Post } from './post.entity.js';
import { PostQuota } from './post-quota.service.js';
import { PostOwnerGuard } from './post-owner.guard.js';
import { PostsAdminController } from './posts.admin.controller.js';
import { PostsController } from './posts.controller.js';
import { PostRead, PostWithCreator } from './posts.dto.js';
import { PostNotFound } from './posts.errors.js';
import './posts.permissions.js';
import { PostsService } from './posts.service.js';
import { PostsTasksModule } from './posts.tasks.module.js';
import { UserPostsController } from './user-posts.controller.js';

@Module({
  imports: [
    CacheModule,
    UsersModule,
    PostsTasksModule,
    DatabaseModule.forFeature(Post, {
      reads: [PostRead, PostWithCreator],
      notFound: PostNotFound,
      violations: { post_created_by_user_id_fkey: UserNotFound },
    }),
  ],
  controllers: [UserPostsController, PostsController, PostsAdminController],
  providers: [PostsService, PostQuota, PostOwnerGuard],
})
export class PostsModule {}
