import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../users/user.entity.js';

/** The number and size of a user's posts, including soft-deleted ones. Triggers on `post` keep it up to date. */
@Entity('post_usage')
export class PostUsage {
  @PrimaryColumn('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('int')
  posts!: number;

  /** Of titles, texts and addresses of media, in UTF-8. */
  @Column('bigint')
  bytes!: number;
}
