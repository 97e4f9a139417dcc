import { type DynamicModule, Module } from '@nestjs/common';
import { IS_SERVED, Probes } from './probes.js';
import { Readiness } from './readiness.js';
import { GracefulShutdown } from '../http/graceful-shutdown.js';

export interface HealthOptions {
  /** The modules of the services that the process uses, besides database and queue. */
  uses?: DynamicModule['imports'];
  /** False for a command, which nobody probes: `METRICS_PORT` belongs to an API or a worker beside it. */
  isServed?: boolean;
}

/** Health checks and metrics of a process. */
@Module({})
export class HealthModule {
  static forRoot({ uses = [], isServed = true }: HealthOptions = {}): DynamicModule {
    const providers = [Probes, Readiness, GracefulShutdown, { provide: IS_SERVED, useValue: isServed }];
    return { module: HealthModule, global: true, imports: uses, providers, exports: providers };
  }
}
