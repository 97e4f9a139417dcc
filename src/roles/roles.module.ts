import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { UserNotFound } from '../users/users.errors.js';
import { UsersModule } from '../users/users.module.js';
import { RoleAdministration } from './role-administration.service.js';
import { RoleHolder } from './role-holder.entity.js';
import { RoleSeeds } from './role-seeds.service.js';
import { Role } from './role.entity.js';
import { RolesAdminController } from './roles.admin.controller.js';
import { RoleRead } from './roles.dto.js';
import { RoleNameTaken, RoleNotFound } from './roles.errors.js';
import './roles.permissions.js';
import { RolesService } from './roles.service.js';
import { RolesTasksModule } from './roles.tasks.module.js';
import { UserRolesAdminController } from './user-roles.admin.controller.js';
import { UserRolesService } from './user-roles.service.js';

@Module({
  imports: [
    AuthModule,
    UsersModule,
    AccountEventsModule,
    RolesTasksModule,
    DatabaseModule.forFeature(Role, {
      reads: [RoleRead],
      notFound: RoleNotFound,
      violations: { role_name_key: RoleNameTaken },
    }),
    DatabaseModule.forFeature(RoleHolder, { violations: { role_holder_user_id_fkey: UserNotFound } }),
  ],
  controllers: [RolesAdminController, UserRolesAdminController],
  providers: [RoleAdministration, RolesService, UserRolesService, RoleSeeds],
})
export class RolesModule {}
