import { Module } from '@nestjs/common';
import { CacheModule } from '../../../src/platform/cache/cache.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { CategoriesController } from './categories.controller.js';
import { CategoriesService } from './categories.service.js';
import { Category } from './category.entity.js';
import { Product } from './product.entity.js';
import { ProductsController } from './products.controller.js';
import { ProductTag } from './product-tag.entity.js';
import { ProductWritesController } from './product-writes.controller.js';
import { ProductWritesService } from './product-writes.service.js';
import { NamedRead, ProductRead, ProductTagRead, ProductWithRelations } from './products.dto.js';
import {
  CategoryInUse,
  CategoryNotFound,
  NameTaken,
  ProductNotFound,
  SkuTaken,
  TagNotFound,
} from './products.errors.js';
import { ProductsService } from './products.service.js';
import { Tag } from './tag.entity.js';

@Module({
  imports: [
    CacheModule,
    DatabaseModule.forFeature(Product, {
      reads: [ProductRead, ProductWithRelations],
      notFound: ProductNotFound,
      violations: { product_sku_key: SkuTaken, product_category_id_fkey: CategoryNotFound },
    }),
    DatabaseModule.forFeature(Category, {
      reads: [NamedRead],
      notFound: CategoryNotFound,
      violations: { category_name_key: NameTaken, product_category_id_fkey: CategoryInUse },
    }),
    DatabaseModule.forFeature(Tag, { reads: [NamedRead], violations: { tag_name_key: NameTaken } }),
    DatabaseModule.forFeature(ProductTag, {
      reads: [ProductTagRead],
      violations: { product_tag_tag_id_fkey: TagNotFound },
    }),
  ],
  controllers: [CategoriesController, ProductsController, ProductWritesController],
  providers: [CategoriesService, ProductsService, ProductWritesService],
})
export class ProductsModule {}
