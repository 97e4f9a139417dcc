import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { ExpiredWebhookEventsTask } from './expired-webhook-events.task.js';
import { WebhookOutbox } from './webhook-outbox.service.js';
import { Webhook } from './webhook.entity.js';
import { WebhookRead } from './webhooks.dto.js';

/** For API and worker, as events happen in both. */
@Module({
  imports: [DatabaseModule.forExport(Webhook, { name: 'webhooks', owner: 'created_by_user_id', as: WebhookRead })],
  providers: [WebhookOutbox, ExpiredWebhookEventsTask],
  exports: [WebhookOutbox],
})
export class WebhooksTasksModule {}
