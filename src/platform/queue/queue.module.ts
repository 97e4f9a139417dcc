import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { setDefaultBackendFactory } from 'bullmq';
import { settingsOf } from '../config/settings.js';
import { createPatientBackend } from './bullmq-patches.js';
import { queueConnection } from './connections.js';
import { QueueConfig } from './queue.config.js';
import { queues } from './queue.js';
import { Queues } from './queues.js';
import { redisBackend } from './redis-backend.js';
import { TaskRegistry } from './task.registry.js';
import { Threads } from './threads.js';

// Ended tasks stay in the task table; in the queue they only stay until every process has noticed.
const ENDED_SECONDS = 15 * 60;
const KEPT = { removeOnComplete: { age: ENDED_SECONDS }, removeOnFail: { age: 24 * 60 * 60 } };

/** The queues of all tasks that have been imported when it is called: in Redis, or in PostgreSQL. */
@Module({})
export class QueueModule {
  static forRoot(): DynamicModule {
    // @nestjs/bullmq creates queues and workers itself and asks BullMQ's default for a backend.
    const { redis } = settingsOf(QueueConfig);
    if (redis) setDefaultBackendFactory(redisBackend(redis));
    else setDefaultBackendFactory(createPatientBackend);
    // Scripts of BullMQ use several keys, which a cluster wants in one place.
    const options = { defaultJobOptions: KEPT, ...(redis?.cluster && { prefix: '{bull}' }) };
    return {
      module: QueueModule,
      global: true,
      imports: [
        DiscoveryModule,
        BullModule.forRootAsync({ useFactory: () => ({ connection: queueConnection(), ...options }) }),
        BullModule.registerQueue(...[...queues().keys()].map((name) => ({ name }))),
      ],
      providers: [TaskRegistry, Queues, Threads],
      exports: [TaskRegistry, Queues, Threads, BullModule],
    };
  }
}
