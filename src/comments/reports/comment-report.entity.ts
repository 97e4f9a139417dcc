import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../platform/database/base.entity.js';
import { User } from '../../users/user.entity.js';
import { Comment } from '../comment.entity.js';

@Entity('comment_report')
@Unique(['comment_id', 'created_by_user_id'])
@Index(['created_by_user_id', 'id'])
export class CommentReport extends BaseEntity {
  @Column('bigint')
  comment_id!: number;

  @ManyToOne(() => Comment, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'comment_id' })
  comment!: Relation<Comment>;

  @Column('varchar', { length: 500 })
  reason!: string;

  @Column('bigint')
  created_by_user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'created_by_user_id' })
  creator!: Relation<User>;
}
