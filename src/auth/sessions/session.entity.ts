import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../platform/database/base.entity.js';
import { User } from '../../users/user.entity.js';

/** One sign-in of one device, and the family of refresh tokens that follow one another in it. */
@Entity('auth_session')
@Unique(['family_hash'])
@Index(['user_id', 'id'])
export class Session extends BaseEntity {
  @Column('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('varchar', { length: 43 })
  family_hash!: string;

  @Column('varchar', { length: 43 })
  token_hash!: string;

  @Column('varchar', { length: 43, nullable: true })
  previous_token_hash!: string | null;

  /** The current token, which only who holds the previous one can open. */
  @Column('varchar', { length: 64, nullable: true })
  sealed_token!: string | null;

  @Column('varchar', { length: 255 })
  user_agent!: string;

  @Column('varchar', { length: 45 })
  ip!: string;

  @Column('timestamptz')
  last_used_at!: Date;

  /** When its owner last proved to be that, by all that a sign-in takes. */
  @Column('timestamptz', { default: () => 'now()' })
  proved_at!: Date;

  @Column('timestamptz')
  idle_expires_at!: Date;

  @Column('timestamptz')
  expires_at!: Date;

  @Column('timestamptz', { nullable: true })
  revoked_at!: Date | null;
}
