import './platform/runtime/compile-cache.js';
import { NestFactory } from '@nestjs/core';
import { logStatements } from './platform/database/statement-log.js';
import { traceStatements } from './platform/database/statement-spans.js';
import { waitForDatabase } from './platform/database/wait-for-database.js';
import { NestLogger } from './platform/runtime/log/log.js';
import { settingsOf } from './platform/config/settings.js';
import { run } from './platform/runtime/run.js';
import { isTracing } from './platform/runtime/tracing/tracing.js';
import { watchEventLoop } from './platform/runtime/watchdog.js';
import { WorkerConfig } from './platform/queue/queue.config.js';
import { WorkerModule } from './worker.module.js';

// Before another worker takes over what this one can't hold on to any more, after 15 s at the earliest.
const BLOCKED_SECONDS = 12;

await run(
  'worker',
  async (log) => {
    logStatements(log);
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
