import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { ApiKey } from './api-key.entity.js';
import { ExportedApiKey } from './api-keys.dto.js';
import { ExpiredApiKeysTask } from './expired-api-keys.task.js';

@Module({
  imports: [DatabaseModule.forExport(ApiKey, { name: 'api_keys', owner: 'created_by_user_id', as: ExportedApiKey })],
  providers: [ExpiredApiKeysTask],
})
export class ApiKeysTasksModule {}
