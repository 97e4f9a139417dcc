import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { DeliveriesRecover, DeliveriesRecovered, DeliveryList, DeliveryRead } from './deliveries.dto.js';
import { DeliveriesService } from './deliveries.service.js';
import {
  DeliveryNotFound,
  DeliveryPending,
  TooManyDeliveries,
  WebhookIsDisabled,
  WebhookNotFound,
} from './webhooks.errors.js';

const WebhookId = new IdOr(WebhookNotFound);
const DeliveryId = new IdOr(DeliveryNotFound);
const SENDING = [WebhookNotFound, WebhookIsDisabled, TooManyDeliveries];

@ApiTags('webhooks')
@Controller('webhooks/:webhook_id')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Post('test')
  @Idempotent()
  @Responds({
    operation: 'testWebhook',
    summary: 'Send a test to one of your own webhooks',
    status: 202,
    type: DeliveryRead,
    problems: SENDING,
  })
  test(@CurrentCaller() caller: Caller, @Param('webhook_id', WebhookId) webhookId: number): Promise<DeliveryRead> {
    return this.deliveries.test(caller.id, webhookId);
  }

  @Get('deliveries')
  @Responds({
    operation: 'listWebhookDeliveries',
    summary: 'List what one of your own webhooks is told, newest first',
    type: PageOf(DeliveryRead, { keyset: true }),
    problems: [WebhookNotFound],
  })
  list(
    @CurrentCaller() caller: Caller,
    @Param('webhook_id', WebhookId) webhookId: number,
    @Query() query: DeliveryList,
  ): Promise<NumberedPage<DeliveryRead> | KeysetPage<DeliveryRead>> {
    return this.deliveries.list(caller.id, webhookId, query);
  }

  @Post('deliveries/:delivery_id/redeliver')
  @Idempotent()
  @Responds({
    operation: 'redeliverWebhook',
    summary: 'Send an event to one of your own webhooks once more',
    status: 202,
    type: DeliveryRead,
    problems: [...SENDING, DeliveryNotFound, DeliveryPending],
  })
  redeliver(
    @CurrentCaller() caller: Caller,
    @Param('webhook_id', WebhookId) webhookId: number,
    @Param('delivery_id', DeliveryId) id: number,
  ): Promise<DeliveryRead> {
    return this.deliveries.redeliver(caller.id, webhookId, id);
  }

  @Post('recover')
  @Idempotent()
  @Responds({
    operation: 'recoverWebhook',
    summary: 'Send what one of your own webhooks could not be told once more',
    status: 202,
    type: DeliveriesRecovered,
    problems: SENDING,
  })
  async recover(
    @CurrentCaller() caller: Caller,
    @Param('webhook_id', WebhookId) webhookId: number,
    @Body() { since }: DeliveriesRecover,
  ): Promise<DeliveriesRecovered> {
    return { recovered: await this.deliveries.recover(caller.id, webhookId, since) };
  }
}
