import { Module } from '@nestjs/common';
import { AuthTasksModule } from './auth/auth.tasks.module.js';
import { ExportsTasksModule } from './exports/exports.tasks.module.js';
import { FoundationModule } from './foundation.module.js';
import { PostsTasksModule } from './posts/posts.tasks.module.js';
import { PhotosTasksModule } from './photos/photos.tasks.module.js';
import { CommentsTasksModule } from './comments/comments.tasks.module.js';
import { RolesTasksModule } from './roles/roles.tasks.module.js';
import { WebhooksWorkerModule } from './webhooks/worker/webhooks.worker.module.js';
import { ApiKeysTasksModule } from './api-keys/api-keys.tasks.module.js';
import { NoticesTasksModule } from './notices/notices.tasks.module.js';
import { MailWorkerModule } from './platform/mail/worker/mail.worker.module.js';
import { SocialSignInTasksModule } from './social-sign-in/social-sign-in.tasks.module.js';
import { RecoveryTasksModule } from './recovery/recovery.tasks.module.js';
import { SecondFactorsTasksModule } from './second-factors/second-factors.tasks.module.js';
import { TasksWorkerModule } from './tasks/worker/tasks.worker.module.js';
import { UsersTasksModule } from './users/users.tasks.module.js';

/** The worker: the tasks of all domains, and what runs them. */
@Module({
  imports: [
    // A line each, which commands add and remove.
    FoundationModule.forRoot(),
    MailWorkerModule,
    AuthTasksModule,
    UsersTasksModule,
    ExportsTasksModule,
    PostsTasksModule,
    PhotosTasksModule,
    CommentsTasksModule,
    RolesTasksModule,
    WebhooksWorkerModule,
    ApiKeysTasksModule,
    SocialSignInTasksModule,
    RecoveryTasksModule,
    NoticesTasksModule,
    SecondFactorsTasksModule,
    TasksWorkerModule.forRoot(),
  ],
})
export class WorkerModule {}
