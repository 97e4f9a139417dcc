import { NestFactory } from '@nestjs/core';
import { NestLogger } from './process/log.js';
import { settingsOf } from './config/settings.js';
import { run } from './process/run.js';
import { WorkerConfig } from './queue/queue.config.js';
import { WorkerModule } from './worker.module.js';

await run(
  'worker',
  async (log) => {
    const app = await NestFactory.createApplicationContext(WorkerModule, {
      logger: new NestLogger(log),
      abortOnError: false,
    });
    log.info('waiting for tasks');
    process.send?.({ listening: 'tasks' });
    return app;
  },
  { stopSeconds: () => settingsOf(WorkerConfig).WORKER_SHUTDOWN_SECONDS + 3 },
);
