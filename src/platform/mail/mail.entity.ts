import { Column, Entity, Index, Unique } from 'typeorm';
import { BaseEntity } from '../database/base.entity.js';

/** A mail that waits to be sent, and is gone when it is. It may hold links that are secrets. */
@Entity('mail')
@Unique(['message_id'])
@Index(['next_attempt_at', 'id'])
export class QueuedMail extends BaseEntity {
  /** The same in each attempt, so that servers know it again. */
  @Column('uuid')
  message_id!: string;

  /** The name of its template. */
  @Column('varchar', { length: 100 })
  template!: string;

  @Column('varchar', { length: 254 })
  recipient!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  text!: string;

  @Column('text')
  html!: string;

  /** How often a worker has begun to send it. */
  @Column('smallint', { default: 0 })
  attempt_count!: number;

  /** Until then, it belongs to the worker that has begun the last attempt, or waits for the next one. */
  @Column('timestamptz', { default: () => 'now()' })
  next_attempt_at!: Date;
}
