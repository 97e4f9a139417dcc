import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { type ConnectionOptions, createRedisBackend, setDefaultBackendFactory } from 'bullmq';
import { settingsOf } from '../config/settings.js';
import { Client } from '../database/client.js';
import { DatabaseConfig } from '../database/database.config.js';
import { createPatientBackend } from './patient-backend.js';
import { QueueConfig } from './queue.config.js';
import { queues } from './queue.js';
import { Queues } from './queues.js';
import { TaskRegistry } from './task.registry.js';
import { Threads } from './threads.js';

const CONNECTIONS_PER_QUEUE = 3;
const CONNECT_MILLISECONDS = 5_000;
const STATEMENT_MILLISECONDS = 15_000;
// What has ended stays in the task table; here it only stays until nobody can have missed that it has.
const ENDED_SECONDS = 15 * 60;
const KEPT = { removeOnComplete: { age: ENDED_SECONDS }, removeOnFail: { age: 24 * 60 * 60 } };

/** The queues of all tasks that have been imported when it is called: in Redis, or in PostgreSQL. */
@Module({})
export class QueueModule {
  static forRoot(): DynamicModule {
    const { REDIS_QUEUE_HOST: host, REDIS_QUEUE_PORT: port } = settingsOf(QueueConfig);
    // @nestjs/bullmq creates queues and workers itself and asks BullMQ's default for a backend.
    if (host === undefined) setDefaultBackendFactory(createPatientBackend);
    else setDefaultBackendFactory(createRedisBackend);
    return {
      module: QueueModule,
      global: true,
      imports: [
        DiscoveryModule,
        BullModule.forRootAsync({
          inject: [DatabaseConfig],
          useFactory: ({ url }: DatabaseConfig) => ({
            connection: host === undefined ? inPostgres(url) : { host, port, connectTimeout: CONNECT_MILLISECONDS },
            defaultJobOptions: KEPT,
          }),
        }),
        BullModule.registerQueue(...[...queues().keys()].map((name) => ({ name }))),
      ],
      providers: [TaskRegistry, Queues, Threads],
      exports: [TaskRegistry, Queues, Threads, BullModule],
    };
  }
}

function inPostgres(connectionString: string): ConnectionOptions {
  const limits = { connectionTimeoutMillis: CONNECT_MILLISECONDS, statement_timeout: STATEMENT_MILLISECONDS };
  return { connectionString, max: CONNECTIONS_PER_QUEUE, ...limits, Client };
}
