import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { LabProduct } from '../products/product.entity.js';
import { LabProductWithRelations } from '../products/products.dto.js';
import { labTasks } from './lab-tasks.js';

/** What workers need of the lab. */
@Module({
  imports: [
    DatabaseModule.forExport(LabProduct, {
      name: 'lab_products',
      owner: 'created_by_user_id',
      as: LabProductWithRelations,
    }),
  ],
  providers: labTasks,
})
export class LabTasksModule {}
