import { Injectable } from '@nestjs/common';
import type { Crud } from '../../../src/platform/database/crud/crud.js';
import { InjectCrud } from '../../../src/platform/database/database.module.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { LabProduct } from './product.entity.js';
import { LabProductTag } from './product-tag.entity.js';
import {
  type LabProductCreate,
  type LabProductFigures,
  LabProductRead,
  type LabProductReplace,
  LabProductTagRead,
  type StatusChange,
} from './products.dto.js';
import { OtherStatus, OutOfStock } from './products.errors.js';

const MOST_TAGS = 20;

/** What products need beyond create, read, update and delete. */
@Injectable()
export class LabProductWritesService {
  constructor(
    @InjectCrud(LabProduct) private readonly products: Crud<LabProduct>,
    @InjectCrud(LabProductTag) private readonly productTags: Crud<LabProductTag>,
    private readonly transactions: Transactions,
  ) {}

  /** All or none. Throws `SkuTaken`, `LabCategoryNotFound`. */
  createMany(userId: number, products: LabProductCreate[]): Promise<LabProductRead[]> {
    const rows = products.map((product) => ({ ...product, created_by_user_id: userId }));
    return this.products.createMany(rows, LabProductRead);
  }

  /** A new product belongs to the user. Throws `LabCategoryNotFound`. */
  put(userId: number, sku: string, values: LabProductReplace): Promise<{ row: LabProductRead; isNew: boolean }> {
    return this.products.upsert({ sku }, values, LabProductRead, { created_by_user_id: userId });
  }

  /** Throws `LabProductNotFound`, `OutOfStock`. */
  changeStock(id: number, by: number): Promise<LabProductRead> {
    const enough = { onlyIf: { stock: { gte: -by } }, otherwise: OutOfStock };
    return this.products.incrementOrThrow({ id }, { stock: by }, LabProductRead, enough);
  }

  /** Throws `LabProductNotFound`, `OtherStatus`. */
  changeStatus(id: number, { from, to }: StatusChange): Promise<LabProductRead> {
    const still = { onlyIf: { status: from }, otherwise: OtherStatus };
    return this.products.updateOrThrow({ id }, { status: to }, LabProductRead, still);
  }

  /** Throws `LabProductNotFound`, `LabTagNotFound`. */
  replaceTags(id: number, tagIds: number[]): Promise<LabProductTagRead[]> {
    return this.transactions.run(async () => {
      // Who replaces them at the same time waits.
      await this.products.getOrThrow({ id }, ['id'] as const, { lock: true });
      await this.productTags.dbDelete({ product_id: id });
      const rows = tagIds.map((tag_id) => ({ product_id: id, tag_id }));
      await this.productTags.createMany(rows, ['id'] as const);
      return this.tagsOf(id);
    });
  }

  tagsOf(id: number): Promise<LabProductTagRead[]> {
    return this.productTags.getMany({ product_id: id }, LabProductTagRead, { limit: MOST_TAGS });
  }

  async figures(): Promise<LabProductFigures> {
    const { aggregates } = this.products;
    const stocked = { status: { not: 'retired' } } as const;
    const [stock, weight_kg, cheapest_cents, last_available_date, statuses] = await Promise.all([
      aggregates.sum(stocked, 'stock'),
      aggregates.sum(stocked, 'weight_kg'),
      aggregates.min(stocked, 'price_cents'),
      aggregates.max(stocked, 'available_from_date'),
      aggregates.countBy({}, 'status'),
    ]);
    return { stock, weight_kg, cheapest_cents, last_available_date, statuses };
  }
}
