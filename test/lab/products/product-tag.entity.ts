import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../../../src/platform/database/base.entity.js';
import { Product } from './product.entity.js';
import { Tag } from './tag.entity.js';

/** Products have many tags, and tags many products: the entity in between has an id, as any that is listed. */
@Entity('product_tag')
@Unique(['product_id', 'tag_id'])
@Index(['tag_id'])
export class ProductTag extends BaseEntity {
  @Column('bigint')
  product_id!: number;

  @Column('bigint')
  tag_id!: number;

  @ManyToOne(() => Product, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'product_id' })
  product!: Relation<Product>;

  @ManyToOne(() => Tag, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'tag_id' })
  tag!: Relation<Tag>;
}
