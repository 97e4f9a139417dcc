/** Creates the superuser that the ADMIN_* settings describe, if it is not there. */
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from './config/config.module.js';
import { settingsOf } from './config/settings.js';
import { DatabaseModule } from './database/database.module.js';
import { createLog, NestLogger } from './process/log.js';
import { runOnce } from './process/run.js';
import { AdminConfig } from './users/admin.config.js';
import { NoAdminPassword, SuperuserService } from './users/superuser.service.js';
import { EmailTaken, UsernameTaken } from './users/users.errors.js';
import { UsersModule } from './users/users.module.js';

await runOnce('create-superuser', async () => {
  const app = await NestFactory.createApplicationContext(
    { module: UsersModule, imports: [ConfigModule.forRoot(), DatabaseModule.forRoot()] },
    { logger: new NestLogger(createLog('create-superuser')), abortOnError: false },
  );
  try {
    const outcome = await app.get(SuperuserService).ensure();
    const { ADMIN_USERNAME } = settingsOf(AdminConfig);
    process.stdout.write(`The superuser ${ADMIN_USERNAME} ${outcome}\n`);
  } catch (error) {
    process.stderr.write(`${remedy(error)}\n`);
    process.exitCode = 1;
  } finally {
    await app.close();
  }
});

function remedy(error: unknown): string {
  const { ADMIN_USERNAME, ADMIN_EMAIL } = settingsOf(AdminConfig);
  if (error instanceof UsernameTaken)
    return `ADMIN_USERNAME: ${ADMIN_USERNAME} belongs to someone else, choose another`;
  if (error instanceof EmailTaken) return `ADMIN_EMAIL: ${ADMIN_EMAIL} belongs to someone else, choose another`;
  if (error instanceof NoAdminPassword) return 'ADMIN_PASSWORD: set it to 8 to 128 characters';
  throw error;
}
