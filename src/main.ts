import cluster from 'node:cluster';
import { Logger } from '@nestjs/common';
import { AppConfig } from './config/app.config.js';
import { settingsOf } from './config/settings.js';
import { createApp } from './create-app.js';
import { HealthConfig } from './health/health.config.js';
import { serveClusterProbes } from './health/probes.js';
import { LAST_SECONDS, Shutdown } from './health/shutdown.js';
import { Cluster } from './process/cluster.js';
import { listen } from './process/listen.js';
import { NestLogger } from './process/log.js';
import { run } from './process/run.js';

const { WEB_CONCURRENCY, PORT } = settingsOf(AppConfig);
const isCluster = cluster.isPrimary && WEB_CONCURRENCY > 1;

const GRACE_SECONDS = settingsOf(HealthConfig).SHUTDOWN_GRACE_SECONDS;
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
        await app.get(Shutdown).drain(app.getHttpAdapter().getInstance(), GRACE_SECONDS);
        await app.close();
      },
    };
  },
  { stopSeconds: () => GRACE_SECONDS + LAST_SECONDS + (isCluster ? 2 : 1) * CLOSE_SECONDS },
);
