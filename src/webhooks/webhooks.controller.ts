import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { KeysetQuery, PageOf } from '../platform/http/lists/pagination.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { WebhookCreate, WebhookRead, WebhookUpdate, WebhookWithSecret } from './webhooks.dto.js';
import { TooManyWebhooks, WebhookNotFound } from './webhooks.errors.js';
import { WebhooksService } from './webhooks.service.js';

const WebhookId = new IdOr(WebhookNotFound);

@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @Idempotent()
  @Responds({
    operation: 'createWebhook',
    summary: 'Create a webhook',
    status: 201,
    type: WebhookWithSecret,
    problems: [TooManyWebhooks],
  })
  create(@CurrentCaller() caller: Caller, @Body() body: WebhookCreate): Promise<WebhookWithSecret> {
    return this.webhooks.create(caller.id, body);
  }

  @Get()
  @Responds({
    operation: 'listWebhooks',
    summary: 'List your own webhooks, newest first',
    type: PageOf(WebhookRead, { keyset: true }),
  })
  list(
    @CurrentCaller() caller: Caller,
    @Query() query: KeysetQuery,
  ): Promise<NumberedPage<WebhookRead> | KeysetPage<WebhookRead>> {
    return this.webhooks.list(caller.id, query);
  }

  @Get(':webhook_id')
  @Responds({
    operation: 'getWebhook',
    summary: 'Read one of your own webhooks',
    type: WebhookRead,
    problems: [WebhookNotFound],
  })
  read(@CurrentCaller() caller: Caller, @Param('webhook_id', WebhookId) id: number): Promise<WebhookRead> {
    return this.webhooks.read(caller.id, id);
  }

  @Patch(':webhook_id')
  @Responds({
    operation: 'updateWebhook',
    summary: 'Change one of your own webhooks',
    type: WebhookRead,
    problems: [WebhookNotFound],
  })
  update(
    @CurrentCaller() caller: Caller,
    @Param('webhook_id', WebhookId) id: number,
    @Body() body: WebhookUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<WebhookRead> {
    return this.webhooks.update(caller.id, id, body, ifMatch);
  }

  @Delete(':webhook_id')
  @Responds({
    operation: 'deleteWebhook',
    summary: 'Delete one of your own webhooks',
    status: 204,
    problems: [WebhookNotFound],
  })
  delete(
    @CurrentCaller() caller: Caller,
    @Param('webhook_id', WebhookId) id: number,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.webhooks.delete(caller.id, id, ifMatch);
  }

  @Post(':webhook_id/rotate-secret')
  @Responds({
    operation: 'rotateWebhookSecret',
    summary: 'Give one of your own webhooks a new secret; the one before signs as well for a day',
    type: WebhookWithSecret,
    problems: [WebhookNotFound],
  })
  rotateSecret(
    @CurrentCaller() caller: Caller,
    @Param('webhook_id', WebhookId) id: number,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.rotateSecret(caller.id, id);
  }
}
