import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { RoleHolder } from './role-holder.entity.js';
import { ExportedRole } from './roles.dto.js';

@Module({ imports: [DatabaseModule.forExport(RoleHolder, { name: 'roles', owner: 'user_id', as: ExportedRole })] })
export class RolesTasksModule {}
