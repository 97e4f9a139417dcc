import { Injectable } from '@nestjs/common';
import type { Crud } from '../../../src/platform/database/crud/crud.js';
import { type NumberedPage, numberedPage } from '../../../src/platform/database/crud/pages.js';
import { InjectCrud } from '../../../src/platform/database/database.module.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import type { Precondition } from '../../../src/platform/http/caching/preconditions.js';
import type { PageQuery } from '../../../src/platform/http/lists/pagination.js';
import { Category } from './category.entity.js';
import { Tag } from './tag.entity.js';
import { type Named, NamedRead } from './products.dto.js';

@Injectable()
export class CategoriesService {
  constructor(
    @InjectCrud(Category) private readonly categories: Crud<Category>,
    @InjectCrud(Tag) private readonly tags: Crud<Tag>,
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

  /** Throws `CategoryInUse`. */
  delete(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      await this.categories.deleteOrThrow({ id });
      ifMatch?.(undefined);
    });
  }
}
