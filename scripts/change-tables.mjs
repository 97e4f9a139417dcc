/**
 * Writes the migration of a domain from its entities, runs it, and asks whether both agree. What fails is reverted.
 * Its argument is JSON: the slug, the table, the columns that are searched, and those that rows must have a value for.
 */
import { spawnSync } from 'node:child_process';
import { createDataSource } from '../dist/src/platform/database/data-source.js';
import { disagreement, revertLast, runPending } from '../dist/src/platform/database/migrations.js';
import { ensureBuilt } from './build.mjs';
import { writeMigration } from './migration-file.mjs';

const { slug, table, search = [], required = [] } = JSON.parse(process.argv[2]);

try {
  await withDatabase(async (dataSource) => {
    if (await dataSource.showMigrations()) migrate();
    if (required.length > 0) await refuseRows(dataSource);
    await writeMigration(dataSource, slug, search.length > 0 ? [trigger()] : []);
  });
  ensureBuilt();
  await withDatabase(runAndCheck);
} catch ({ message }) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

async function withDatabase(work) {
  const dataSource = await createDataSource().then((source) => source.initialize());
  await work(dataSource).finally(() => dataSource.destroy());
}

/** Brings an old or empty database up to date. */
function migrate() {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/src/migrate.js'], { encoding: 'utf8' });
  if (status !== 0) throw new Error((stderr || stdout).trim());
}

async function refuseRows(dataSource) {
  const [row] = await dataSource.query(`SELECT FROM "${table}" LIMIT 1`);
  if (row) throw new Error(`"${table}" has rows without ${required.join(' and ')}: make it optional`);
}

/** TypeORM knows no triggers. Dropping the table drops it. */
function trigger() {
  const columns = search.map((column) => `"${column}"`).join(', ');
  return `CREATE TRIGGER "${table}_search_document" BEFORE INSERT OR UPDATE OF ${columns} ON "${table}"
       FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("search_document", 'public.search_language', ${columns})`;
}

async function runAndCheck(dataSource) {
  await runPending(dataSource);
  const { upQueries } = await disagreement(dataSource);
  if (upQueries.length === 0) return;
  await revertLast(dataSource);
  throw new Error(`Entities and migration disagree; missing:\n${upQueries.map(({ query }) => query).join('\n')}`);
}
