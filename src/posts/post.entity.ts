import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { SoftDeletable } from '../platform/database/base.entity.js';
import { SearchDocument } from '../platform/database/search-document.js';
import { User } from '../users/user.entity.js';

@Entity('post')
@Index(['created_by_user_id', 'id'])
@Index(['created_by_user_id', 'title', 'id'])
@Index(['title', 'id'])
@Index(['deleted_at'], { where: 'deleted_at IS NOT NULL' })
export class Post extends SoftDeletable {
  @Column('varchar', { length: 30 })
  title!: string;

  @Column('varchar', { length: 63206 })
  text!: string;

  @Column('varchar', { length: 2048, nullable: true })
  media_url!: string | null;

  @Column('int', { default: 0 })
  comment_count!: number;

  @SearchDocument()
  search_document!: string;

  @Column('bigint')
  created_by_user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'created_by_user_id' })
  creator!: Relation<User>;
}
