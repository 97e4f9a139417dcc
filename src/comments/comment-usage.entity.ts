import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../users/user.entity.js';

/** The number and size of a user's comments, including deleted ones. Triggers on `comment` keep it up to date. */
@Entity('comment_usage')
export class CommentUsage {
  @PrimaryColumn('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('int')
  comments!: number;

  /** Of texts, in UTF-8. */
  @Column('bigint')
  bytes!: number;
}
