import { Column, Entity, Unique } from 'typeorm';
import { BaseEntity } from '../../../src/platform/database/base.entity.js';

@Entity('lab_tag')
@Unique(['name'])
export class LabTag extends BaseEntity {
  @Column('varchar', { length: 40 })
  name!: string;

  @Column('text', { array: true, default: '{}' })
  synonyms!: string[];
}
