import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../users/user.entity.js';
import { Tier } from './tier.entity.js';

/** That an account has another tier than the default. */
@Entity('tier_holder')
@Index(['tier_id'])
export class TierHolder {
  @PrimaryColumn('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('bigint')
  tier_id!: number;

  @ManyToOne(() => Tier, { nullable: false })
  @JoinColumn({ name: 'tier_id' })
  tier!: Relation<Tier>;
}
