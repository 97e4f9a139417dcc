import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../platform/database/base.entity.js';
import { User } from '../../users/user.entity.js';

/** That whoever a provider signs in by this subject is the owner of an account here. */
@Entity('social_link')
@Unique(['issuer', 'subject'])
@Unique(['user_id', 'provider'])
@Index(['user_id', 'id'])
export class SocialLink extends BaseEntity {
  @Column('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('varchar', { length: 20 })
  provider!: string;

  @Column('varchar', { length: 255 })
  issuer!: string;

  @Column('varchar', { length: 255 })
  subject!: string;
}
