/**
 * `create-superuser` creates the superuser that the ADMIN_* settings describe, if it is not there;
 * `create-superuser promote <username>` and `demote <username>` change what an account may do.
 */
import './platform/runtime/compile-cache.js';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule } from './auth/auth.module.js';
import { FoundationModule } from './foundation.module.js';
import { ResponseCache } from './platform/cache/response-cache.js';
import { waitForDatabase } from './platform/database/wait-for-database.js';
import { audit } from './platform/runtime/log/audit.js';
import { createLog, NestLogger } from './platform/runtime/log/log.js';
import { runOnce } from './platform/runtime/run.js';
import { AdminConfig } from './users/admin.config.js';
import { NoAdminPassword, SuperuserService } from './users/superuser.service.js';
import { EmailTaken, LastSuperuser, UserNotFound, UsernameTaken } from './users/users.errors.js';
import { UsersService } from './users/users.service.js';

class WrongUsage extends Error {}

const IS_ANOTHER =
  'belongs to another account: choose another one, or make that account a superuser with create-superuser promote <username>';
const USAGE = 'create-superuser [promote <username> | demote <username>]';

await runOnce('create-superuser', async () => {
  const log = createLog('create-superuser');
  await waitForDatabase(log);
  const app = await NestFactory.createApplicationContext(
    { module: AuthModule, imports: [FoundationModule.forRoot({ isServed: false })] },
    { logger: new NestLogger(log), abortOnError: false },
  );
  try {
    process.stdout.write(`${await act(app, process.argv.slice(2))}\n`);
  } catch (error) {
    process.stderr.write(`${remedy(error, app.get(AdminConfig))}\n`);
    process.exitCode = 1;
  } finally {
    await app.close();
  }
});

async function act(app: INestApplicationContext, [command, username]: string[]): Promise<string> {
  if (command === undefined) {
    const { ADMIN_USERNAME } = app.get(AdminConfig);
    const outcome = await app.get(SuperuserService).ensure();
    // A running API may have cached responses: drop the same keys as restoring an account does.
    await app.get(ResponseCache, { strict: false }).invalidate([`user:${ADMIN_USERNAME}`, 'users', 'creators']);
    return `The superuser ${ADMIN_USERNAME} ${outcome}`;
  }
  if (!['promote', 'demote'].includes(command) || !username) throw new WrongUsage();
  const { id, is_superuser } = await app
    .get(UsersService)
    .updateAccount(username, { is_superuser: command === 'promote' });
  audit('admin_act', { route: `create-superuser ${command}`, target: { user_id: id }, is_done: true });
  return `${username} is ${is_superuser ? 'now a superuser' : 'no longer a superuser'}`;
}

function remedy(error: unknown, { ADMIN_USERNAME, ADMIN_EMAIL }: AdminConfig): string {
  if (error instanceof UsernameTaken) return `ADMIN_USERNAME: ${ADMIN_USERNAME} ${IS_ANOTHER}`;
  if (error instanceof EmailTaken) return `ADMIN_EMAIL: ${ADMIN_EMAIL} ${IS_ANOTHER}`;
  if (error instanceof NoAdminPassword) return 'ADMIN_PASSWORD: set it to 8 to 128 characters';
  if (error instanceof WrongUsage) return `Usage: ${USAGE}`;
  if (error instanceof UserNotFound || error instanceof LastSuperuser) return error.message;
  throw error;
}
