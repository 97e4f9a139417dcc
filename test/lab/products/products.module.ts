import { Module } from '@nestjs/common';
import { CacheModule } from '../../../src/platform/cache/cache.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { LabCategoriesController } from './categories.controller.js';
import { LabCategoriesService } from './categories.service.js';
import { LabCategory } from './category.entity.js';
import { LabProduct } from './product.entity.js';
import { LabProductsController } from './products.controller.js';
import { LabProductTag } from './product-tag.entity.js';
import { LabProductWritesController } from './product-writes.controller.js';
import { LabProductWritesService } from './product-writes.service.js';
import { NamedRead, LabProductRead, LabProductTagRead, LabProductWithRelations } from './products.dto.js';
import {
  LabCategoryInUse,
  LabCategoryNotFound,
  NameTaken,
  LabProductNotFound,
  SkuTaken,
  LabTagNotFound,
} from './products.errors.js';
import { LabProductsService } from './products.service.js';
import { LabTag } from './tag.entity.js';

@Module({
  imports: [
    CacheModule,
    DatabaseModule.forFeature(LabProduct, {
      reads: [LabProductRead, LabProductWithRelations],
      notFound: LabProductNotFound,
      violations: { lab_product_sku_key: SkuTaken, lab_product_category_id_fkey: LabCategoryNotFound },
    }),
    DatabaseModule.forFeature(LabCategory, {
      reads: [NamedRead],
      notFound: LabCategoryNotFound,
      violations: { lab_category_name_key: NameTaken, lab_product_category_id_fkey: LabCategoryInUse },
    }),
    DatabaseModule.forFeature(LabTag, { reads: [NamedRead], violations: { lab_tag_name_key: NameTaken } }),
    DatabaseModule.forFeature(LabProductTag, {
      reads: [LabProductTagRead],
      violations: { lab_product_tag_tag_id_fkey: LabTagNotFound },
    }),
  ],
  controllers: [LabCategoriesController, LabProductsController, LabProductWritesController],
  providers: [LabCategoriesService, LabProductsService, LabProductWritesService],
})
export class LabProductsModule {}
