import { Injectable } from '@nestjs/common';
import type { Crud } from '../../../src/platform/database/crud/crud.js';
import { type NumberedPage, numberedPage } from '../../../src/platform/database/crud/pages.js';
import { InjectCrud } from '../../../src/platform/database/database.module.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import type { Precondition } from '../../../src/platform/http/caching/preconditions.js';
import type { PageQuery } from '../../../src/platform/http/lists/pagination.js';
import { LabCategory } from './category.entity.js';
import { LabTag } from './tag.entity.js';
import { type Named, NamedRead } from './products.dto.js';

@Injectable()
export class LabCategoriesService {
  constructor(
    @InjectCrud(LabCategory) private readonly categories: Crud<LabCategory>,
    @InjectCrud(LabTag) private readonly tags: Crud<LabTag>,
    private readonly transactions: Transactions,
  ) {}

  /** Throws `NameTaken`. */
  create({ name }: Named): Promise<NamedRead> {
    return this.categories.create({ name }, NamedRead);
  }

  /** Throws `NameTaken`. */
  createTag({ name }: Named): Promise<NamedRead> {
    return this.tags.create({ name }, NamedRead);
  }

  list(query: PageQuery): Promise<NumberedPage<NamedRead>> {
    return numberedPage(this.categories, {}, NamedRead, query);
  }

  /** Throws `LabCategoryInUse`. */
  delete(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      await this.categories.deleteOrThrow({ id });
      ifMatch?.(undefined);
    });
  }
}
