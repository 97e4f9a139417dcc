import cluster from 'node:cluster';
import { AppConfig } from './config/app.config.js';
import { settingsOf } from './config/settings.js';
import { createApp } from './create-app.js';
import { Cluster } from './process/cluster.js';
import { run } from './process/run.js';

const { WEB_CONCURRENCY, PORT } = settingsOf(AppConfig);
const isCluster = cluster.isPrimary && WEB_CONCURRENCY > 1;

await run(
  'api',
  async (log) => {
    if (isCluster) {
      const { cluster: processes, listening } = await Cluster.start(WEB_CONCURRENCY, log);
      process.send?.({ listening });
      return processes;
    }
    const app = await createApp(log);
    try {
      await app.listen(PORT, '0.0.0.0');
    } catch (error) {
      await app.close();
      throw error;
    }
    process.send?.({ listening: await app.getUrl() });
    return app;
  },
  { stopSeconds: () => (isCluster ? 28 : 25) },
);
