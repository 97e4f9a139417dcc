import { Column, Entity, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import { User } from '../users/user.entity.js';

/** The photo of a user. Its files have its name, which is random. */
@Entity('photo')
@Unique(['name'])
@Unique(['created_by_user_id'])
export class Photo extends BaseEntity {
  @Column('varchar', { length: 32 })
  name!: string;

  /** Of its files together. */
  @Column('int')
  bytes!: number;

  @Column('int')
  width!: number;

  @Column('int')
  height!: number;

  @Column('bigint')
  created_by_user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'created_by_user_id' })
  creator!: Relation<User>;
}
