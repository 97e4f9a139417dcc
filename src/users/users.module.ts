import { Module } from '@nestjs/common';
import { CacheModule } from '../platform/cache/cache.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { CountsModule } from '../platform/limits/limits.module.js';
import { AccountEventsModule } from './accounts.events.module.js';
import { AccountOwnerGuard } from './account-owner.guard.js';
import { EmailsService } from './emails.service.js';
import { CredentialsService } from './passwords/credentials.service.js';
import { LastSuperuserService } from './last-superuser.service.js';
import { HashQueue } from './passwords/hash-queue.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { SuperuserService } from './superuser.service.js';
import { User } from './user.entity.js';
import { UsersAdminController } from './users.admin.controller.js';
import { UsersController } from './users.controller.js';
import { Account, FullAccount, Profile } from './users.dto.js';
import { EmailTaken, UsernameTaken, UserNotFound } from './users.errors.js';
import './users.notices.js';
import './users.permissions.js';
import { UsersService } from './users.service.js';
import { UsersTasksModule } from './users.tasks.module.js';

@Module({
  imports: [
    CacheModule,
    CountsModule,
    AccountEventsModule,
    UsersTasksModule,
    DatabaseModule.forFeature(User, {
      reads: [Account, FullAccount, Profile],
      notFound: UserNotFound,
      violations: { user_username_key: UsernameTaken, user_email_key: EmailTaken },
    }),
  ],
  controllers: [UsersController, UsersAdminController],
  providers: [
    UsersService,
    EmailsService,
    SuperuserService,
    LastSuperuserService,
    AccountOwnerGuard,
    CredentialsService,
    PasswordsService,
    HashQueue,
  ],
  exports: [UsersService, EmailsService, SuperuserService, AccountOwnerGuard, CredentialsService, PasswordsService],
})
export class UsersModule {}
