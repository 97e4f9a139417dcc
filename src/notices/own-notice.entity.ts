import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../users/user.entity.js';

/** What a user wants to be told of by one name, and how often that has happened lately. */
@Entity('notice')
export class OwnNotice {
  @PrimaryColumn('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @PrimaryColumn('varchar', { length: 60 })
  name!: string;

  @Column('boolean', { default: false })
  is_off!: boolean;

  /** Since `counting_began_at`, for an hour. */
  @Column('int', { default: 0 })
  told_count!: number;

  @Column('timestamptz', { default: () => 'now()' })
  counting_began_at!: Date;
}
