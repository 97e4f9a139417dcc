import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Product } from './product.entity.js';
import { Tag } from './tag.entity.js';

/** Products have many tags, and tags many products. */
@Entity('product_tag')
@Index(['tag_id'])
export class ProductTag {
  @PrimaryColumn('bigint')
  product_id!: number;

  @PrimaryColumn('bigint')
  tag_id!: number;

  @ManyToOne(() => Product, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'product_id' })
  product!: Relation<Product>;

  @ManyToOne(() => Tag, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'tag_id' })
  tag!: Relation<Tag>;
}
