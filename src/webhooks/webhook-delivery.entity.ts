import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import { Webhook } from './webhook.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What has come of sending it once. One of `response_status` and `error` is null. */
export interface AttemptRecord {
  at: string;
  response_status: number | null;
  error: string | null;
  duration_ms: number;
}

/** That one webhook is told of one event. */
@Entity('webhook_delivery')
@Index(['webhook_id', 'id'])
@Index(['webhook_id', 'status', 'id'])
@Index(['event_id'])
// The lanes: what is to be sent to each webhook, and what is being sent.
@Index(['webhook_id', 'next_attempt_at', 'id'], { where: `status = 'pending'` })
@Index(['webhook_id'], { where: 'lease_ends_at IS NOT NULL' })
export class WebhookDelivery extends BaseEntity {
  @Column('bigint')
  webhook_id!: number;

  @ManyToOne(() => Webhook, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'webhook_id' })
  webhook!: Relation<Webhook>;

  @Column('bigint')
  event_id!: number;

  @ManyToOne(() => WebhookEvent, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'event_id' })
  event!: Relation<WebhookEvent>;

  @Column('varchar', { length: 9, default: 'pending' })
  status!: DeliveryStatus;

  /** Of those that count: a delivery that is asked for again begins anew. */
  @Column('smallint', { default: 0 })
  attempt_count!: number;

  @Column('jsonb', { default: [] })
  attempts!: AttemptRecord[];

  /** Why it is dead. */
  @Column('varchar', { length: 30, nullable: true })
  reason!: string | null;

  @Column('timestamptz', { nullable: true, default: () => 'now()' })
  next_attempt_at!: Date | null;

  /** Until then, it belongs to the worker that wrote it. */
  @Column('timestamptz', { nullable: true })
  lease_ends_at!: Date | null;
}
