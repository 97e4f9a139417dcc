import { Injectable } from '@nestjs/common';
import type { Crud } from '../../../src/platform/database/crud/crud.js';
import type { KeysetPage, NumberedPage } from '../../../src/platform/database/crud/pages.js';
import { InjectCrud } from '../../../src/platform/database/database.module.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import type { Precondition } from '../../../src/platform/http/caching/preconditions.js';
import { pageOf } from '../../../src/platform/http/lists/page-of.js';
import { Product } from './product.entity.js';
import {
  type ProductCreate,
  type ProductList,
  ProductRead,
  type ProductUpdate,
  ProductWithRelations,
} from './products.dto.js';

@Injectable()
export class ProductsService {
  constructor(
    @InjectCrud(Product) private readonly products: Crud<Product>,
    private readonly transactions: Transactions,
  ) {}

  /** Throws `SkuTaken`, `CategoryNotFound`. */
  create(userId: number, body: ProductCreate): Promise<ProductRead> {
    return this.products.create({ ...body, created_by_user_id: userId }, ProductRead);
  }

  list(query: ProductList): Promise<NumberedPage<ProductWithRelations> | KeysetPage<ProductWithRelations>> {
    return pageOf(this.products, {}, ProductWithRelations, query);
  }

  read(id: number): Promise<ProductWithRelations> {
    return this.products.getOrThrow({ id }, ProductWithRelations);
  }

  /** Throws `SkuTaken`, `CategoryNotFound`. */
  update(id: number, changes: ProductUpdate, ifMatch?: Precondition): Promise<ProductRead> {
    return this.conditionally(id, ifMatch, () => this.products.updateOrThrow({ id }, changes, ProductRead));
  }

  delete(id: number, ifMatch?: Precondition): Promise<void> {
    return this.conditionally(id, ifMatch, () => this.products.deleteOrThrow({ id }));
  }

  private conditionally<T>(id: number, ifMatch: Precondition | undefined, change: () => Promise<T>): Promise<T> {
    const seen = () => this.products.getOrThrow({ id }, ProductWithRelations, { lock: true });
    return this.transactions.runIf(ifMatch, seen, change);
  }
}
