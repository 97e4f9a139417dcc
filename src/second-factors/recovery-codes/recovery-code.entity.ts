import { Column, Entity, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../platform/database/base.entity.js';
import { User } from '../../users/user.entity.js';

/** One of the codes that let somebody in who has lost all factors; it is deleted when it is used. */
@Entity('second_factor_recovery_code')
@Unique(['user_id', 'code_hash'])
export class RecoveryCode extends BaseEntity {
  @Column('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('varchar', { length: 43 })
  code_hash!: string;
}
