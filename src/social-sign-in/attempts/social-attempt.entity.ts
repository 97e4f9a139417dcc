import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { Session } from '../../auth/sessions/session.entity.js';
import { BaseEntity } from '../../platform/database/base.entity.js';

/** That a browser has been sent to a provider, and may come back once within ten minutes. */
@Entity('social_attempt')
@Unique(['attempt_hash'])
@Index(['created_at'])
@Index(['session_id'])
export class SocialAttempt extends BaseEntity {
  /** Of what the browser has in a cookie and of what it comes back with, together. */
  @Column('varchar', { length: 43 })
  attempt_hash!: string;

  @Column('varchar', { length: 20 })
  provider!: string;

  @Column('varchar', { length: 2048 })
  redirect_to!: string;

  /** Whose owner links an account of the provider; null where somebody signs in. */
  @Column('bigint', { nullable: true })
  session_id!: number | null;

  @ManyToOne(() => Session, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'session_id' })
  session!: Relation<Session> | null;
}
