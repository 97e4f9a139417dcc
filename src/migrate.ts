/** Brings the schema up to date: `migrate` runs what is pending, `migrate revert` takes the last one back, `migrate check`
 * fails when entities and migrations disagree. */
import './platform/runtime/compile-cache.js';
import { runMigrations } from 'bullmq';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { settingsOf } from './platform/config/settings.js';
import { Client } from './platform/database/pg-client.js';
import { createDataSource } from './platform/database/data-source.js';
import { DatabaseConfig } from './platform/database/database.config.js';
import { aheadOfCode, disagreement, revertLast, runPending } from './platform/database/migrations.js';
import { applySearchLanguage } from './platform/database/search-language.js';
import { waitForDatabase } from './platform/database/wait-for-database.js';
import { runOnce } from './platform/runtime/run.js';

// Any number works, as long as every release uses the same: one process migrates, and the others wait.
const ADVISORY_LOCK = 7_401_884_021;

const commands: Record<string, (dataSource: DataSource, client: pg.Client) => Promise<string[]>> = {
  async run(dataSource, client) {
    const names = await runPending(dataSource);
    await runMigrations(client);
    const isAnew = await applySearchLanguage(dataSource);
    const ahead = await aheadOfCode(dataSource);
    const ran = names.length > 0 ? names.map((name) => `ran ${name}`) : ['the schema is up to date'];
    return [...ran, ...(isAnew ? ['texts are searched in another language now'] : []), ...(ahead ? [ahead] : [])];
  },

  async revert(dataSource) {
    const name = await revertLast(dataSource);
    return [name ? `reverted ${name}` : 'there is nothing to revert'];
  },

  async check(dataSource) {
    const { upQueries } = await disagreement(dataSource);
    if (upQueries.length === 0) return ['entities and migrations agree'];
    process.exitCode = 1;
    const ahead = await aheadOfCode(dataSource);
    const lines = ['entities and migrations disagree; missing:', ...upQueries.map(({ query }) => query)];
    return ahead ? [...lines, ahead] : lines;
  },
};

const name = process.argv[2] ?? 'run';
const command = commands[name];
if (!command) {
  process.stderr.write(`There is no command ${name}: ${Object.keys(commands).join(', ')}\n`);
  process.exit(1);
}
await runOnce('migrate', async () => {
  const { url } = settingsOf(DatabaseConfig);
  await waitForDatabase();
  const client = new Client({ connectionString: url }).on('error', stopWithoutLock);
  const dataSource = await createDataSource({ statementTimeout: 0 });
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await dataSource.initialize();
    for (const line of await command(dataSource, client)) process.stdout.write(`${line}\n`);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await client.end();
  }
});

/** Another process may have started to migrate. The open transaction is rolled back. */
function stopWithoutLock({ message }: Error): never {
  process.stderr.write(`migrate failed: it has lost the connection that holds its lock: ${message}\n`);
  process.exit(1);
}
