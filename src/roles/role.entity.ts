import { Column, Entity, Unique } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';

@Entity('role')
@Unique(['name'])
export class Role extends BaseEntity {
  @Column('varchar', { length: 30 })
  name!: string;

  @Column('varchar', { length: 200 })
  description!: string;

  @Column('text', { array: true })
  permissions!: string[];

  /** The migration has planted it; the API that starts first gives it the permissions that suit it. */
  @Column('boolean', { default: false })
  is_fresh!: boolean;
}
