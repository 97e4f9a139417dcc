import { ApiProperty, PartialType } from '@nestjs/swagger';
import { EventName } from '../platform/events/event-name.js';
import { Optional, WebAddress } from '../platform/http/validation/fields.js';
import { ListOf } from '../platform/http/validation/lists.js';
import { Bool } from '../platform/http/validation/values.js';
import { DISABLED_REASONS, type DisabledReason } from './webhook.entity.js';
import { LeadsOutside } from './webhook-url.js';

const MOST_EVENTS = 50;

export class WebhookCreate {
  @WebAddress({ example: 'https://example.com/webhooks' })
  @LeadsOutside()
  url!: string;

  @ListOf(EventName({ example: 'webhook.disabled' }), { min: 1, max: MOST_EVENTS, isUnique: true })
  events!: string[];
}

export class WebhookUpdate extends PartialType(WebhookCreate, { skipNullProperties: false }) {
  @Optional()
  @Bool({ required: false, example: false, description: 'False begins anew with a webhook that was disabled' })
  is_disabled?: boolean;
}

export class WebhookRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'https://example.com/webhooks' }) url!: string;
  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['webhook.disabled'] }) events!: string[];
  @ApiProperty({ example: false }) is_disabled!: boolean;
  @ApiProperty({
    type: String,
    enum: DISABLED_REASONS,
    nullable: true,
    example: null,
    description: 'By its owner, as it answered 410, or as it has failed for five days',
  })
  disabled_reason!: DisabledReason | null;
  @ApiProperty({ type: Date, nullable: true, example: null, description: 'Since when no delivery has succeeded' })
  first_failed_at!: string | null;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

/** A webhook with its secret, which is shown only when it is made. */
export class WebhookWithSecret extends WebhookRead {
  @ApiProperty({
    example: 'whsec_plJ3nmyCDGBKInavdOK15jsl5F1a8h3wmMKLLRSzB1Q=',
    description: 'What messages are signed with',
  })
  secret!: string;
}
