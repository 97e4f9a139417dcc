import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { QueueModule } from './queue/queue.module.js';
import { TasksModule } from './tasks/tasks.module.js';

/** The worker: the domains that have tasks. Without an HTTP adapter their controllers are never mapped to routes. */
@Module({
  imports: [ConfigModule.forRoot(), DatabaseModule.forRoot(), QueueModule.forWorker(), TasksModule],
})
export class WorkerModule {}
