import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../platform/database/base.entity.js';
import { User } from '../../users/user.entity.js';

export const PURPOSES = ['verify', 'change', 'revert', 'reset'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What a mail has carried, of which only a hash is stored. It is kept for a day after its end, as mails are counted. */
@Entity('recovery_token')
@Unique(['token_hash'])
@Index(['user_id', 'id'])
@Index(['email', 'created_at'])
@Index(['created_at'])
@Check('recovery_token_purpose_check', `purpose IN ('verify', 'change', 'revert', 'reset')`)
export class RecoveryToken extends BaseEntity {
  @Column('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('varchar', { length: 10 })
  purpose!: Purpose;

  /** Where it went; also the address that it proves. */
  @Column('varchar', { length: 254 })
  email!: string;

  @Column('varchar', { length: 43 })
  token_hash!: string;

  /** A hash of what it changes, as that was then: it is good only while that is the same. */
  @Column('varchar', { length: 43 })
  bound_to!: string;

  @Column('timestamptz')
  expires_at!: Date;

  /** When it was used, or a newer one took its place. */
  @Column('timestamptz', { nullable: true })
  ended_at!: Date | null;
}
