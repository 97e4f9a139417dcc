import { NestFactory } from '@nestjs/core';
import { traceStatements } from './database/statement-spans.js';
import { waitForDatabase } from './database/wait.js';
import { NestLogger } from './process/log.js';
import { settingsOf } from './config/settings.js';
import { run } from './process/run.js';
import { isTracing } from './process/tracing.js';
import { watchEventLoop } from './process/watchdog.js';
import { WorkerConfig } from './queue/queue.config.js';
import { WorkerModule } from './worker.module.js';

// Before another worker takes over what this one can't hold on to any more, after 15 s at the earliest.
const BLOCKED_SECONDS = 12;

await run(
  'worker',
  async (log) => {
    if (isTracing()) traceStatements();
    await waitForDatabase(log);
    const app = await NestFactory.createApplicationContext(WorkerModule, {
      logger: new NestLogger(log),
      abortOnError: false,
    });
    watchEventLoop('worker', BLOCKED_SECONDS);
    log.info('waiting for tasks');
    process.send?.({ listening: 'tasks' });
    return app;
  },
  { stopSeconds: () => settingsOf(WorkerConfig).WORKER_SHUTDOWN_SECONDS + 3 },
);
