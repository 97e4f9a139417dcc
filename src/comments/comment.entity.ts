import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { SoftDeletable } from '../platform/database/base.entity.js';
import { Post } from '../posts/post.entity.js';
import { User } from '../users/user.entity.js';

/** The last column of each group is kept by triggers, see the migration; so is `comment_count` of posts. */
@Entity('comment')
@Index(['post_id', 'depth', 'is_listed', 'id'])
@Index(['parent_id', 'is_listed', 'id'])
@Index(['created_by_user_id', 'id'])
@Index(['deleted_at'], { where: 'deleted_at IS NOT NULL' })
@Check('comment_depth_check', 'depth BETWEEN 1 AND 3 AND (depth = 1) = (parent_id IS NULL)')
export class Comment extends SoftDeletable {
  @Column('bigint')
  post_id!: number;

  @ManyToOne(() => Post, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'post_id' })
  post!: Relation<Post>;

  @Column('bigint', { nullable: true })
  parent_id!: number | null;

  @ManyToOne(() => Comment, { nullable: true })
  @JoinColumn({ name: 'parent_id' })
  parent!: Relation<Comment> | null;

  /** 1 for comments on the post, 2 for replies to them, 3 for replies to replies. */
  @Column('smallint')
  depth!: number;

  /** Replies that are listed. */
  @Column('int', { default: 0 })
  reply_count!: number;

  /** Null when it is purged, while there are replies. */
  @Column('varchar', { length: 10000, nullable: true })
  text!: string | null;

  @Column('boolean', { default: false })
  is_hidden!: boolean;

  @Column('timestamptz', { nullable: true })
  hidden_at!: Date | null;

  /** Null when the account is purged, while there are replies. */
  @Column('bigint', { nullable: true })
  created_by_user_id!: number | null;

  @ManyToOne(() => User, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'created_by_user_id' })
  creator!: Relation<User> | null;

  @Column('boolean', { default: false })
  is_author_deleted!: boolean;

  /** Whether readers see it: with its text, or as a tombstone that has replies. */
  @Column('boolean', { default: true })
  is_listed!: boolean;
}
