import './platform/runtime/compile-cache.js';
import cluster from 'node:cluster';
import { Logger } from '@nestjs/common';
import { AppConfig } from './platform/config/app.config.js';
import { settingsOf } from './platform/config/settings.js';
import { createApp } from './create-app.js';
import { HttpConfig } from './platform/http/http.config.js';
import { serveClusterProbes } from './platform/health/probes.js';
import { LAST_SECONDS, GracefulShutdown } from './platform/http/graceful-shutdown.js';
import { Cluster } from './platform/runtime/cluster.js';
import { listen } from './platform/runtime/listen.js';
import { NestLogger } from './platform/runtime/log/log.js';
import { run } from './platform/runtime/run.js';

const { WEB_CONCURRENCY, PORT } = settingsOf(AppConfig);
const isCluster = cluster.isPrimary && WEB_CONCURRENCY > 1;

const GRACE_SECONDS = settingsOf(HttpConfig).SHUTDOWN_GRACE_SECONDS;
const CLOSE_SECONDS = 3;

await run(
  'api',
  async (log) => {
    if (isCluster) {
      Logger.overrideLogger(new NestLogger(log));
      const processes = new Cluster(log);
      const probes = await serveClusterProbes(processes);
      const started = processes.start(WEB_CONCURRENCY).then(() => process.send?.({ listening: processes.url }));
      return { started, close: () => processes.close().finally(() => probes?.close()) };
    }
    const app = await createApp(log);
    await listen(app.getHttpServer(), (host) => app.listen(PORT, host)).catch(async (error: unknown) => {
      await app.close();
      throw error;
    });
    process.send?.({ listening: await app.getUrl() });
    return {
      async close() {
        await app.get(GracefulShutdown).drain(app.getHttpAdapter().getInstance(), GRACE_SECONDS);
        await app.close();
      },
    };
  },
  { stopSeconds: () => GRACE_SECONDS + LAST_SECONDS + (isCluster ? 2 : 1) * CLOSE_SECONDS },
);
