import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryRead } from './deliveries.dto.js';
import { DeliveriesService } from './deliveries.service.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { Webhook } from './webhook.entity.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhookRead, WebhookWithSecret } from './webhooks.dto.js';
import { DeliveryNotFound, WebhookNotFound } from './webhooks.errors.js';
import { WebhooksService } from './webhooks.service.js';
import { WebhooksTasksModule } from './webhooks.tasks.module.js';

@Module({
  imports: [
    WebhooksTasksModule,
    DatabaseModule.forFeature(Webhook, { reads: [WebhookRead, WebhookWithSecret], notFound: WebhookNotFound }),
    DatabaseModule.forFeature(WebhookDelivery, { reads: [DeliveryRead], notFound: DeliveryNotFound }),
  ],
  controllers: [WebhooksController, DeliveriesController],
  providers: [WebhooksService, DeliveriesService],
})
export class WebhooksModule {}
