import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../../src/platform/database/base.entity.js';
import { LabProduct } from './product.entity.js';
import { LabTag } from './tag.entity.js';

/** Products have many tags, and tags many products: the entity in between has an id, as any that is listed. */
@Entity('lab_product_tag')
@Unique(['product_id', 'tag_id'])
@Index(['tag_id'])
export class LabProductTag extends BaseEntity {
  @Column('bigint')
  product_id!: number;

  @Column('bigint')
  tag_id!: number;

  @ManyToOne(() => LabProduct, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'product_id' })
  product!: Relation<LabProduct>;

  @ManyToOne(() => LabTag, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'tag_id' })
  tag!: Relation<LabTag>;
}
