import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../users/user.entity.js';

/** What the posts of a user take, soft-deleted ones too. Triggers on `post` keep it, whoever writes. */
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
