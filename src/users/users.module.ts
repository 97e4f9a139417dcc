import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { CacheModule } from '../platform/cache/cache.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { CountsModule } from '../platform/limits/limits.module.js';
import { CancellationsModule } from '../tasks/cancellations.module.js';
import { AccountOwnerGuard } from './account-owner.guard.js';
import { SuperuserService } from './superuser.service.js';
import { User } from './user.entity.js';
import { UsersAdminController } from './users.admin.controller.js';
import { UsersController } from './users.controller.js';
import { Account, FullAccount, Profile } from './users.dto.js';
import { EmailTaken, UsernameTaken } from './users.errors.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [
    AuthModule,
    CacheModule,
    CountsModule,
    CancellationsModule,
    DatabaseModule.forFeature(User, {
      reads: [Account, FullAccount, Profile],
      violations: { user_username_key: UsernameTaken, user_email_key: EmailTaken },
    }),
  ],
  controllers: [UsersController, UsersAdminController],
  providers: [UsersService, SuperuserService, AccountOwnerGuard],
  exports: [UsersService, SuperuserService, AccountOwnerGuard],
})
export class UsersModule {}
