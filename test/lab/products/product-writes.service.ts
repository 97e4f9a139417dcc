import { Injectable } from '@nestjs/common';
import type { Crud } from '../../../src/platform/database/crud/crud.js';
import { InjectCrud } from '../../../src/platform/database/database.module.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { Product } from './product.entity.js';
import { ProductTag } from './product-tag.entity.js';
import {
  type ProductCreate,
  type ProductFigures,
  ProductRead,
  type ProductReplace,
  ProductTagRead,
  type StatusChange,
} from './products.dto.js';
import { OtherStatus, OutOfStock } from './products.errors.js';

const MOST_TAGS = 20;

/** What products need beyond create, read, update and delete. */
@Injectable()
export class ProductWritesService {
  constructor(
    @InjectCrud(Product) private readonly products: Crud<Product>,
    @InjectCrud(ProductTag) private readonly productTags: Crud<ProductTag>,
    private readonly transactions: Transactions,
  ) {}

  /** All or none. Throws `SkuTaken`, `CategoryNotFound`. */
  createMany(userId: number, products: ProductCreate[]): Promise<ProductRead[]> {
    const rows = products.map((product) => ({ ...product, created_by_user_id: userId }));
    return this.products.createMany(rows, ProductRead);
  }

  /** A new product belongs to the user. Throws `CategoryNotFound`. */
  put(userId: number, sku: string, values: ProductReplace): Promise<{ row: ProductRead; isNew: boolean }> {
    return this.products.upsert({ sku }, values, ProductRead, { created_by_user_id: userId });
  }

  /** Throws `ProductNotFound`, `OutOfStock`. */
  changeStock(id: number, by: number): Promise<ProductRead> {
    const enough = { onlyIf: { stock: { gte: -by } }, otherwise: OutOfStock };
    return this.products.incrementOrThrow({ id }, { stock: by }, ProductRead, enough);
  }

  /** Throws `ProductNotFound`, `OtherStatus`. */
  changeStatus(id: number, { from, to }: StatusChange): Promise<ProductRead> {
    const still = { onlyIf: { status: from }, otherwise: OtherStatus };
    return this.products.updateOrThrow({ id }, { status: to }, ProductRead, still);
  }

  /** Throws `ProductNotFound`, `TagNotFound`. */
  replaceTags(id: number, tagIds: number[]): Promise<ProductTagRead[]> {
    return this.transactions.run(async () => {
      // Who replaces them at the same time waits.
      await this.products.getOrThrow({ id }, ['id'] as const, { lock: true });
      await this.productTags.dbDelete({ product_id: id });
      const rows = tagIds.map((tag_id) => ({ product_id: id, tag_id }));
      await this.productTags.createMany(rows, ['id'] as const);
      return this.tagsOf(id);
    });
  }

  tagsOf(id: number): Promise<ProductTagRead[]> {
    return this.productTags.getMany({ product_id: id }, ProductTagRead, { limit: MOST_TAGS });
  }

  async figures(): Promise<ProductFigures> {
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
