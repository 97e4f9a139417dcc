import { Module } from '@nestjs/common';
import { AuthTasksModule } from './auth/auth.tasks.module.js';
import { ConfigModule } from './platform/config/config.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { ExportsTasksModule } from './exports/exports.tasks.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { PostsTasksModule } from './posts/posts.tasks.module.js';
import { QueueModule } from './platform/queue/queue.module.js';
import { TasksWorkerModule } from './tasks/worker/tasks.worker.module.js';
import { UsersTasksModule } from './users/users.tasks.module.js';

/** The worker: the tasks of all domains, and what runs them. */
@Module({
  imports: [
    ConfigModule.forRoot(),
    DatabaseModule.forRoot(),
    QueueModule.forRoot(),
    HealthModule.forRoot(),
    AuthTasksModule,
    UsersTasksModule,
    ExportsTasksModule,
    PostsTasksModule,
    TasksWorkerModule.forRoot(),
  ],
})
export class WorkerModule {}
