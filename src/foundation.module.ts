import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from './platform/config/config.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { EventsModule } from './platform/events/events.module.js';
import { HealthModule, type HealthOptions } from './platform/health/health.module.js';
import { IdempotencyModule } from './platform/idempotency/idempotency.module.js';
import { QueueModule } from './platform/queue/queue.module.js';

/** What every module finds in every program without importing it, so that one may import any other. */
@Module({})
export class FoundationModule {
  /** Call it when all tasks have been imported. */
  static forRoot(health?: HealthOptions): DynamicModule {
    return {
      module: FoundationModule,
      imports: [
        ConfigModule.forRoot(),
        DatabaseModule.forRoot(),
        QueueModule.forRoot(),
        EventsModule.forRoot(),
        HealthModule.forRoot(health),
        IdempotencyModule.forRoot(),
      ],
    };
  }
}
