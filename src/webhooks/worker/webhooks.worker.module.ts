import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../platform/database/database.module.js';
import { Webhook } from '../webhook.entity.js';
import { WebhookRead } from '../webhooks.dto.js';
import { WebhooksTasksModule } from '../webhooks.tasks.module.js';
import { DueDeliveries } from './due-deliveries.service.js';
import { Settlements } from './settlements.service.js';
import { WebhookMetrics } from './webhook-metrics.service.js';
import { WebhookSender } from './webhook-sender.service.js';

/** What tells webhooks of events, in the worker. */
@Module({
  imports: [WebhooksTasksModule, DatabaseModule.forFeature(Webhook, { reads: [WebhookRead] })],
  providers: [DueDeliveries, Settlements, WebhookMetrics, WebhookSender],
})
export class WebhooksWorkerModule {}
