import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { ExportedSession } from './auth.dto.js';
import { ExpiredSessionsTask } from './sessions/expired-sessions.task.js';
import { Session } from './sessions/session.entity.js';

@Module({
  imports: [DatabaseModule.forExport(Session, { name: 'sessions', owner: 'user_id', as: ExportedSession })],
  providers: [ExpiredSessionsTask],
})
export class AuthTasksModule {}
