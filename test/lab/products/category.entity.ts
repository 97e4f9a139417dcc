import { Column, Entity, Unique } from 'typeorm';
import { BaseEntity } from '../../../src/platform/database/base.entity.js';

/** Stands by itself: products refer to it, and are not deleted along with it. */
@Entity('category')
@Unique(['name'])
export class Category extends BaseEntity {
  @Column('varchar', { length: 40 })
  name!: string;
}
