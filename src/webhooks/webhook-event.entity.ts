import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import { User } from '../users/user.entity.js';

/** An event that at least one webhook hears. */
@Entity('webhook_event')
@Index(['created_at'])
@Index(['user_id'], { where: 'user_id IS NOT NULL' })
export class WebhookEvent extends BaseEntity {
  /** What receivers tell repetitions by: `webhook-id`. */
  @Column('varchar', { length: 36 })
  message_id!: string;

  @Column('varchar', { length: 100 })
  type!: string;

  /** Text with the keys in their order, so that each attempt sends the same bytes. */
  @Column('json')
  payload!: object;

  /** Whom it concerns, besides superusers. */
  @Column('bigint', { nullable: true })
  user_id!: number | null;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User> | null;
}
