import { Column, Entity, Unique } from 'typeorm';
import { BaseEntity } from '../../../src/platform/database/base.entity.js';

@Entity('tag')
@Unique(['name'])
export class Tag extends BaseEntity {
  @Column('varchar', { length: 40 })
  name!: string;
}
