import { AppConfig } from './config/app.config.js';
import { settingsOf } from './config/settings.js';
import { createApp } from './create-app.js';
import { run } from './process/run.js';

await run('api', async (log) => {
  const app = await createApp(log);
  try {
    await app.listen(settingsOf(AppConfig).PORT, '0.0.0.0');
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = await app.getUrl();
  log.info({ url }, 'listening');
  process.send?.({ listening: url });
  return app;
});
