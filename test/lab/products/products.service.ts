import { Injectable } from '@nestjs/common';
import type { Crud } from '../../../src/platform/database/crud/crud.js';
import type { KeysetPage, NumberedPage } from '../../../src/platform/database/crud/pages.js';
import { InjectCrud } from '../../../src/platform/database/database.module.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { Events } from '../../../src/platform/events/events.js';
import type { Precondition } from '../../../src/platform/http/caching/preconditions.js';
import { pageOf } from '../../../src/platform/http/lists/page-of.js';
import { LabProduct } from './product.entity.js';
import {
  type LabProductCreate,
  type LabProductList,
  LabProductRead,
  type LabProductUpdate,
  LabProductWithRelations,
} from './products.dto.js';
import { LabProductCreated } from './products.events.js';

@Injectable()
export class LabProductsService {
  constructor(
    @InjectCrud(LabProduct) private readonly products: Crud<LabProduct>,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /** Throws `SkuTaken`, `LabCategoryNotFound`. */
  create(userId: number, body: LabProductCreate): Promise<LabProductRead> {
    return this.transactions.run(async () => {
      const product = await this.products.create({ ...body, created_by_user_id: userId }, LabProductRead);
      await this.events.publish(new LabProductCreated(product));
      return product;
    });
  }

  list(query: LabProductList): Promise<NumberedPage<LabProductWithRelations> | KeysetPage<LabProductWithRelations>> {
    return pageOf(this.products, {}, LabProductWithRelations, query);
  }

  read(id: number): Promise<LabProductWithRelations> {
    return this.products.getOrThrow({ id }, LabProductWithRelations);
  }

  /** Throws `SkuTaken`, `LabCategoryNotFound`. */
  update(id: number, changes: LabProductUpdate, ifMatch?: Precondition): Promise<LabProductRead> {
    return this.conditionally(id, ifMatch, () => this.products.updateOrThrow({ id }, changes, LabProductRead));
  }

  delete(id: number, ifMatch?: Precondition): Promise<void> {
    return this.conditionally(id, ifMatch, () => this.products.deleteOrThrow({ id }));
  }

  private conditionally<T>(id: number, ifMatch: Precondition | undefined, change: () => Promise<T>): Promise<T> {
    const seen = () => this.products.getOrThrow({ id }, LabProductWithRelations, { lock: true });
    return this.transactions.runIf(ifMatch, seen, change);
  }
}
