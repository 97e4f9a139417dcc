import { Module } from '@nestjs/common';
import { ExpiredSessionsTask } from './sessions/expired-sessions.task.js';

@Module({ providers: [ExpiredSessionsTask] })
export class AuthTasksModule {}
