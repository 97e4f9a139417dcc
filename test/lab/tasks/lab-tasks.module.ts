import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { Product } from '../products/product.entity.js';
import { ProductRead } from '../products/products.dto.js';
import { labTasks } from './lab-tasks.js';

/** What workers need of the lab. */
@Module({
  imports: [DatabaseModule.forExport(Product, { name: 'products', owner: 'created_by_user_id', as: ProductRead })],
  providers: labTasks,
})
export class LabTasksModule {}
