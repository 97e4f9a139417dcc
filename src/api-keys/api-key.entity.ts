import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { SoftDeletable } from '../platform/database/base.entity.js';
import { User } from '../users/user.entity.js';

/** Is revoked by deleting it. */
@Entity('api_key')
@Index(['created_by_user_id', 'id'])
export class ApiKey extends SoftDeletable {
  @Column('varchar', { length: 60 })
  name!: string;

  @Column('varchar', { length: 43 })
  secret_hash!: string;

  /** What it may do at most beyond its owner's own; null for whatever the owner may. */
  @Column('text', { array: true, nullable: true })
  permissions!: string[] | null;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  /** To the minute, and late by up to another one. */
  @Column('timestamptz', { nullable: true })
  last_used_at!: Date | null;

  @Column('bigint')
  created_by_user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'created_by_user_id' })
  creator!: Relation<User>;
}
