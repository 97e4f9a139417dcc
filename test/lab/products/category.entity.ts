import { Column, Entity, Unique } from 'typeorm';
import { BaseEntity } from '../../../src/platform/database/base.entity.js';

/** Stands by itself: products refer to it, and are not deleted along with it. */
@Entity('lab_category')
@Unique(['name'])
export class LabCategory extends BaseEntity {
  @Column('varchar', { length: 40 })
  name!: string;
}
