import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { CacheModule } from '../platform/cache/cache.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { CountsModule } from '../platform/limits/limits.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { UsersModule } from '../users/users.module.js';
import { AttemptCookie } from './attempts/attempt-cookie.js';
import { Attempts } from './attempts/attempts.service.js';
import { SocialAttempt } from './attempts/social-attempt.entity.js';
import { LinksController } from './links/links.controller.js';
import { LinksService } from './links/links.service.js';
import { SocialLink } from './links/social-link.entity.js';
import { Providers } from './providers/providers.service.js';
import { Redirects } from './redirects.js';
import { SocialAccounts } from './social-accounts.service.js';
import { SocialSignInController } from './social-sign-in.controller.js';
import { LinkRead } from './social-sign-in.dto.js';
import { AlreadyLinked, LinkedElsewhere, LinkNotFound } from './social-sign-in.errors.js';
import './social-sign-in.notices.js';
import { SocialSignInService } from './social-sign-in.service.js';
import { SocialSignInTasksModule } from './social-sign-in.tasks.module.js';

@Module({
  imports: [
    AuthModule,
    UsersModule,
    AccountEventsModule,
    CacheModule,
    CountsModule,
    SocialSignInTasksModule,
    DatabaseModule.forFeature(SocialAttempt),
    DatabaseModule.forFeature(SocialLink, {
      reads: [LinkRead],
      notFound: LinkNotFound,
      violations: {
        social_link_issuer_subject_key: LinkedElsewhere,
        social_link_user_id_provider_key: AlreadyLinked,
      },
    }),
  ],
  controllers: [SocialSignInController, LinksController],
  providers: [SocialSignInService, SocialAccounts, LinksService, Attempts, AttemptCookie, Providers, Redirects],
})
export class SocialSignInModule {}
