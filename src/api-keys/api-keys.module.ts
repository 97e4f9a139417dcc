import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { ApiKeyAccess } from './api-key-access.service.js';
import { ApiKeyUses } from './api-key-uses.service.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysAdminController } from './api-keys.admin.controller.js';
import { ApiKeysController } from './api-keys.controller.js';
import { AnyApiKey, ApiKeyRead } from './api-keys.dto.js';
import { ApiKeyNotFound } from './api-keys.errors.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApiKeysTasksModule } from './api-keys.tasks.module.js';

@Module({
  imports: [
    AuthModule,
    AccountEventsModule,
    ApiKeysTasksModule,
    DatabaseModule.forFeature(ApiKey, { reads: [ApiKeyRead, AnyApiKey], notFound: ApiKeyNotFound }),
  ],
  controllers: [ApiKeysController, ApiKeysAdminController],
  providers: [ApiKeysService, ApiKeyAccess, ApiKeyUses],
})
export class ApiKeysModule {}
