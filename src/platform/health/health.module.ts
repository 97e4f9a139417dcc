import { type DynamicModule, Module } from '@nestjs/common';
import { Probes } from './probes.js';
import { Readiness } from './readiness.js';
import { GracefulShutdown } from '../http/graceful-shutdown.js';

/** Health checks and metrics of a process. */
@Module({})
export class HealthModule {
  /** @param uses the modules of the services that the process uses, besides database and queue */
  static forRoot({ uses = [] }: { uses?: DynamicModule['imports'] } = {}): DynamicModule {
    const providers = [Probes, Readiness, GracefulShutdown];
    return { module: HealthModule, global: true, imports: uses, providers, exports: providers };
  }
}
