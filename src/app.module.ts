import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessGuard } from './auth/access/access.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { IdentityGuard } from './auth/access/identity.guard.js';
import { CacheModule } from './platform/cache/cache.module.js';
import { FoundationModule } from './foundation.module.js';
import { ProblemFilter } from './platform/http/problems/problem.filter.js';
import { ResponseSealModule } from './platform/idempotency/response-seal.module.js';
import { ValidationPipe } from './platform/http/validation/validation.pipe.js';
import { LimitsModule } from './platform/limits/limits.module.js';
import { RateLimitGuard } from './platform/limits/rates/rate-limit.guard.js';
import { PostsModule } from './posts/posts.module.js';
import { PhotosModule } from './photos/photos.module.js';
import { CommentsModule } from './comments/comments.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { RolesModule } from './roles/roles.module.js';
import { SocialSignInModule } from './social-sign-in/social-sign-in.module.js';
import { SecondFactorsModule } from './second-factors/second-factors.module.js';
import { TiersModule } from './tiers/tiers.module.js';
import { RecoveryModule } from './recovery/recovery.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { UsersModule } from './users/users.module.js';

/** The API: technical modules, domains, and what applies to every request. */
@Module({
  imports: [
    // A line each, which commands add and remove.
    FoundationModule.forRoot({ uses: [CacheModule] }),
    LimitsModule,
    ResponseSealModule,
    AuthModule,
    UsersModule,
    ExportsModule,
    PostsModule,
    PhotosModule,
    CommentsModule,
    WebhooksModule,
    ApiKeysModule,
    RolesModule,
    SocialSignInModule,
    SecondFactorsModule,
    TiersModule,
    RecoveryModule,
    NoticesModule,
    TasksModule,
  ],
  providers: [
    // In this order: users are limited as such, everyone else by address, also where they are refused.
    { provide: APP_GUARD, useClass: IdentityGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
})
export class AppModule {}
