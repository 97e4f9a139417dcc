import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { SoftDeletable } from '../../../src/platform/database/base.entity.js';
import { SearchDocument } from '../../../src/platform/database/search-document.js';
import { User } from '../../../src/users/user.entity.js';
import { LabCategory } from './category.entity.js';

export const CURRENCIES = ['EUR', 'GBP', 'USD'] as const;
export type Currency = (typeof CURRENCIES)[number];

export const STATUSES = ['draft', 'active', 'retired'] as const;
export type Status = (typeof STATUSES)[number];

/** A column of every common type. */
@Entity('lab_product')
@Unique(['sku'])
@Index(['created_by_user_id', 'id'])
@Index(['category_id', 'id'])
@Index(['name', 'id'])
@Index(['price_cents', 'id'])
@Index(['currency', 'id'])
@Index(['currency', 'price_cents', 'id'])
@Index(['status', 'id'])
@Index(['weight_kg', 'id'])
@Index(['is_featured', 'id'], { where: 'is_featured' })
@Index(['available_from_date', 'id'])
@Index(['reviewed_at', 'id'])
@Index(['external_uuid', 'id'])
@Index(['colors'], { type: 'gin' })
@Index(['sizes_mm'], { type: 'gin' })
@Check('lab_product_currency_check', `currency IN ('EUR', 'GBP', 'USD')`)
@Check('lab_product_status_check', `status IN ('draft', 'active', 'retired')`)
@Check('lab_product_stock_check', 'stock >= 0')
export class LabProduct extends SoftDeletable {
  @Column('varchar', { length: 20 })
  sku!: string;

  @Column('varchar', { length: 80 })
  name!: string;

  @Column('varchar', { length: 2000, nullable: true })
  description!: string | null;

  @SearchDocument()
  search_document!: string;

  @Column('int')
  price_cents!: number;

  @Column('varchar', { length: 3 })
  currency!: Currency;

  @Column('varchar', { length: 10, default: 'draft' })
  status!: Status;

  /** Exact, and so a text. */
  @Column('numeric', { precision: 10, scale: 3, nullable: true })
  weight_kg!: string | null;

  @Column('int', { default: 0 })
  stock!: number;

  @Column('boolean', { default: false })
  is_featured!: boolean;

  @Column('date', { nullable: true })
  available_from_date!: string | null;

  @Column('timestamptz', { nullable: true })
  reviewed_at!: Date | null;

  @Column('text', { array: true, default: '{}' })
  colors!: string[];

  @Column('int', { array: true, default: '{}' })
  sizes_mm!: number[];

  @Column('jsonb', { nullable: true })
  dimensions!: { width_mm: number; height_mm: number } | null;

  @Column('jsonb', { default: {} })
  attributes!: object;

  @Column('varchar', { length: 254, nullable: true })
  support_email!: string | null;

  @Column('varchar', { length: 2048, nullable: true })
  website_url!: string | null;

  @Column('uuid', { nullable: true })
  external_uuid!: string | null;

  @Column('bigint', { nullable: true })
  category_id!: number | null;

  @ManyToOne(() => LabCategory, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'category_id' })
  category!: Relation<LabCategory> | null;

  @Column('bigint')
  created_by_user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'created_by_user_id' })
  creator!: Relation<User>;
}
