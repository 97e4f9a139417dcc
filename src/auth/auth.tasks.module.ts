import { Module } from '@nestjs/common';
import { ExpiredSessionsTask } from './expired-sessions.task.js';

@Module({ providers: [ExpiredSessionsTask] })
export class AuthTasksModule {}
