import { AppConfig } from './config/app.config.js';
import { settingsOf } from './config/settings.js';
import { createApp } from './create-app.js';
import { run } from './process/run.js';

await run(
  'api',
  async (log) => {
    const app = await createApp(log);
    try {
      await app.listen(settingsOf(AppConfig).PORT, '0.0.0.0');
    } catch (error) {
      await app.close();
      throw error;
    }
    process.send?.({ listening: await app.getUrl() });
    return app;
  },
  { stopSeconds: () => 25 },
);
