import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ValidationPipe } from './http/validation.pipe.js';
import { PostsModule } from './posts/posts.module.js';
import { QueueModule } from './queue/queue.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UsersModule } from './users/users.module.js';

/** The API: technical modules, domains, and what applies to every request. */
@Module({
  imports: [
    ConfigModule.forRoot(),
    DatabaseModule.forRoot(),
    QueueModule.forApi(),
    AuthModule,
    UsersModule,
    PostsModule,
    TasksModule,
  ],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
})
export class AppModule {}
