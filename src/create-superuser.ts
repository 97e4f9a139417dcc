/** Creates the superuser that the ADMIN_* settings describe, if it is not there. */
import { HttpException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from './config/config.module.js';
import { refuseBadSettings, settingsOf } from './config/settings.js';
import { DatabaseModule } from './database/database.module.js';
import { createLog, NestLogger } from './process/log.js';
import { AdminConfig } from './users/admin.config.js';
import { SuperuserService } from './users/superuser.service.js';
import { UsersModule } from './users/users.module.js';

refuseBadSettings();
const admin = settingsOf(AdminConfig);
const app = await NestFactory.createApplicationContext(
  { module: UsersModule, imports: [ConfigModule.forRoot(), DatabaseModule.forRoot()] },
  { logger: new NestLogger(createLog('create-superuser')), abortOnError: false },
);
try {
  const isNew = await app.get(SuperuserService).ensure(admin);
  process.stdout.write(`The superuser ${admin.ADMIN_USERNAME} ${isNew ? 'was created' : 'is there already'}\n`);
} catch (error) {
  if (!(error instanceof HttpException)) throw error;
  const taken = error.errorCode === 'email_taken' ? `ADMIN_EMAIL ${admin.ADMIN_EMAIL}` : `ADMIN_USERNAME ${admin.ADMIN_USERNAME}`;
  process.stderr.write(`${taken} belongs to someone else: choose another\n`);
  process.exitCode = 1;
} finally {
  await app.close();
}
