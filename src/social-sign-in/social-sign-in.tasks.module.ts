import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { ExpiredSocialAttemptsTask } from './attempts/expired-attempts.task.js';
import { SocialLink } from './links/social-link.entity.js';
import { ExportedLink } from './social-sign-in.dto.js';

@Module({
  imports: [DatabaseModule.forExport(SocialLink, { name: 'social_links', owner: 'user_id', as: ExportedLink })],
  providers: [ExpiredSocialAttemptsTask],
})
export class SocialSignInTasksModule {}
