import { BullModule, InjectQueue } from '@nestjs/bullmq';
import { type DynamicModule, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { type ConnectionOptions, createPostgresBackend, type Queue, setDefaultBackendFactory } from 'bullmq';
import { DatabaseConfig } from '../database/database.config.js';
import { QUEUE } from './queue.js';
import { TaskRegistry } from './task.registry.js';
import { TaskRunner } from './task.runner.js';

// @nestjs/bullmq creates queues and workers itself and asks BullMQ's default for a backend.
setDefaultBackendFactory(createPostgresBackend);

const CONNECTIONS_PER_QUEUE = 3;
const LIMITS = { connectionTimeoutMillis: 5_000, statement_timeout: 15_000 };
const DAY_SECONDS = 24 * 60 * 60;

/** The one queue. Every process may add to it; only the worker runs what is in it. */
@Module({})
export class QueueModule implements OnApplicationBootstrap {
  constructor(@InjectQueue(QUEUE) private readonly queue: Queue) {
    const logger = new Logger(QueueModule.name);
    // A lost connection is mended by BullMQ; without a listener it would end the process.
    queue.on('error', (error) => logger.error(error));
  }

  /** Throws when the queue cannot be reached: BullMQ would never try to connect again. */
  async onApplicationBootstrap(): Promise<void> {
    await this.queue.waitUntilReady();
  }

  static forApi(): DynamicModule {
    return queueModule([]);
  }

  static forWorker(): DynamicModule {
    return queueModule([TaskRunner]);
  }
}

function queueModule(runners: (typeof TaskRunner)[]): DynamicModule {
  return {
    module: QueueModule,
    global: true,
    imports: [
      DiscoveryModule,
      BullModule.forRootAsync({
        inject: [DatabaseConfig],
        useFactory: ({ url }: DatabaseConfig) => ({
          connection: { connectionString: url, max: CONNECTIONS_PER_QUEUE, ...LIMITS } as ConnectionOptions,
        }),
      }),
      BullModule.registerQueue({
        name: QUEUE,
        defaultJobOptions: {
          attempts: 3,
          backoff: { type: 'exponential', delay: 1000 },
          removeOnComplete: { age: DAY_SECONDS },
          removeOnFail: { age: 14 * DAY_SECONDS },
        },
      }),
    ],
    providers: [TaskRegistry, ...runners],
    exports: [TaskRegistry, BullModule],
  };
}
