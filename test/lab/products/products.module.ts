import { Module } from '@nestjs/common';
import { CacheModule } from '../../../src/platform/cache/cache.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { CategoriesController } from './categories.controller.js';
import { CategoriesService } from './categories.service.js';
import { Category } from './category.entity.js';
import { Product } from './product.entity.js';
import { ProductsController } from './products.controller.js';
import { NamedRead, ProductRead, ProductWithRelations } from './products.dto.js';
import { CategoryInUse, CategoryNotFound, NameTaken, ProductNotFound, SkuTaken } from './products.errors.js';
import { ProductsService } from './products.service.js';

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
  ],
  controllers: [CategoriesController, ProductsController],
  providers: [CategoriesService, ProductsService],
})
export class ProductsModule {}
