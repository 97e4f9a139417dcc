import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../platform/database/base.entity.js';
import { User } from '../../users/user.entity.js';

export const PURPOSES = ['step', 'passkey', 'registration', 'proof'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What somebody has to answer within five minutes, once, on the client that it was given to. */
@Entity('second_factor_challenge')
@Unique(['token_hash'])
@Index(['owner', 'id'])
@Index(['user_id', 'id'])
@Index(['expires_at'])
@Check('second_factor_challenge_purpose_check', `purpose IN ('step', 'passkey', 'registration', 'proof')`)
export class Challenge extends BaseEntity {
  @Column('varchar', { length: 12 })
  purpose!: Purpose;

  /** A user or an address, who may have so many at once. */
  @Column('varchar', { length: 60 })
  owner!: string;

  @Column('varchar', { length: 43 })
  token_hash!: string;

  /** Of the cookie, or the session, that it was given to. */
  @Column('varchar', { length: 43 })
  client_hash!: string;

  @Column('bigint', { nullable: true })
  user_id!: number | null;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User> | null;

  /** Of the hashed password at that moment: a new one ends the challenge. */
  @Column('varchar', { length: 43, nullable: true })
  password_hash!: string | null;

  /** What a passkey has to sign. */
  @Column('varchar', { length: 64 })
  signed_text!: string;

  @Column('timestamptz')
  expires_at!: Date;
}
