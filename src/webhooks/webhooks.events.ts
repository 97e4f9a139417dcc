import { ApiProperty } from '@nestjs/swagger';
import { type DomainEvent, Event } from '../platform/events/event.js';
import { WebhookRead } from './webhooks.dto.js';

@Event('webhook.disabled', WebhookRead, 'Another of your webhooks was disabled, as it kept failing or was gone')
export class WebhookDisabled implements DomainEvent {
  constructor(
    readonly payload: WebhookRead,
    readonly user_id: number,
  ) {}
}

export class WebhookTest {
  @ApiProperty({ type: 'integer', example: 1 }) webhook_id!: number;
}

@Event('webhook.test', WebhookTest, 'You have asked for a test of this webhook, whatever events it hears')
export class WebhookTested implements DomainEvent {
  constructor(
    readonly payload: WebhookTest,
    readonly user_id: number,
  ) {}
}
