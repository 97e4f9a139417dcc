import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import { User } from '../users/user.entity.js';
import { Role } from './role.entity.js';

/** That a user has a role. */
@Entity('role_holder')
@Unique(['user_id', 'role_id'])
@Index(['user_id', 'id'])
@Index(['role_id'])
export class RoleHolder extends BaseEntity {
  @Column('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('bigint')
  role_id!: number;

  @ManyToOne(() => Role, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'role_id' })
  role!: Relation<Role>;
}
