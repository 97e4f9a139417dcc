import { ApiProperty } from '@nestjs/swagger';
import { ListQuery } from '../platform/http/lists/list-query.js';
import { Instant } from '../platform/http/validation/times.js';
import {
  type AttemptRecord,
  DELIVERY_STATUSES,
  type DeliveryStatus,
  WebhookDelivery,
} from './webhook-delivery.entity.js';

export class DeliveryAttempt implements AttemptRecord {
  @ApiProperty({ type: Date }) at!: string;
  @ApiProperty({ type: 'integer', nullable: true, example: 503, description: 'Null where nothing was answered' })
  response_status!: number | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why nothing was answered' })
  error!: string | null;
  @ApiProperty({ type: 'integer', example: 120 }) duration_ms!: number;
}

/** The event of a delivery, without its payload. */
export class DeliveredEvent {
  @ApiProperty({ example: 'evt_0b0f6d3c9d7d4c2a8c1f5f0e6a7b8c9d' }) message_id!: string;
  @ApiProperty({ example: 'webhook.test' }) type!: string;
  @ApiProperty({ type: Date }) created_at!: string;
}

export class DeliveryRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty() event!: DeliveredEvent;
  @ApiProperty({ enum: DELIVERY_STATUSES, example: 'delivered' }) status!: DeliveryStatus;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why it is dead' }) reason!: string | null;
  @ApiProperty({ type: 'integer', example: 1, description: 'Of ten; it begins anew with each redelivery' })
  attempt_count!: number;
  @ApiProperty({ type: [DeliveryAttempt], description: 'The last twenty, in their order' })
  attempts!: DeliveryAttempt[];
  @ApiProperty({ type: Date, nullable: true, description: 'Null when nothing is to be sent' })
  next_attempt_at!: string | null;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

export class DeliveryList extends ListQuery(WebhookDelivery, {
  filter: ['status'],
  values: { status: DELIVERY_STATUSES },
}) {}

export class DeliveriesRecover {
  @Instant({ description: 'Dead deliveries of events since then are sent again', example: '2026-11-29T09:30:00.000Z' })
  since!: Date;
}

export class DeliveriesRecovered {
  @ApiProperty({ type: 'integer', example: 12, description: 'How many are sent again; at most 1,000 at a time' })
  recovered!: number;
}
