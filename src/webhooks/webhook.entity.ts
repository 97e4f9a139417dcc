import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import { User } from '../users/user.entity.js';

/** By its owner, as nothing answers any more (410), or as it has failed for days. */
export const DISABLED_REASONS = ['owner', 'gone', 'failing'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

@Entity('webhook')
@Index(['created_by_user_id', 'id'])
export class Webhook extends BaseEntity {
  @Column('varchar', { length: 2048 })
  url!: string;

  @Column('text', { array: true })
  events!: string[];

  /** In plain text: docs/decisions/043-webhook-secrets.md says why. Only its first answer and the worker read it. */
  @Column('varchar', { length: 60 })
  secret!: string;

  /** Signs as well for a day after a rotation. */
  @Column('varchar', { length: 60, nullable: true })
  previous_secret!: string | null;

  @Column('timestamptz', { nullable: true })
  previous_secret_ends_at!: Date | null;

  @Column('boolean', { default: false })
  is_disabled!: boolean;

  @Column('varchar', { length: 7, nullable: true })
  disabled_reason!: DisabledReason | null;

  /** Since when no delivery has succeeded; null after a success. */
  @Column('timestamptz', { nullable: true })
  first_failed_at!: Date | null;

  /** The last failure, by which failing webhooks take turns. */
  @Column('timestamptz', { nullable: true })
  last_failed_at!: Date | null;

  /** Null until the first success at this address. */
  @Column('timestamptz', { nullable: true })
  proven_at!: Date | null;

  @Column('bigint')
  created_by_user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'created_by_user_id' })
  creator!: Relation<User>;
}
