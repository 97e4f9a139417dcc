/** Writes migrations/YYYY-MM-DD_slug.ts: what it takes to bring the database to what the entities say, and back. */
import { existsSync, writeFileSync } from 'node:fs';
import { aheadOfCode, disagreement } from '../dist/src/platform/database/migrations.js';
import { dated } from './dated.mjs';
import { migrationText } from './migration-text.mjs';
import { pretty } from './pretty.mjs';

/**
 * Gives the path. Throws what there is to say when it writes nothing.
 * @param {import('typeorm').DataSource} dataSource
 * @param {string[]} [more] statements that the entities do not say, and that the way back needs none for
 */
export async function writeMigration(dataSource, slug, more = []) {
  const now = new Date();
  const path = dated(slug, now);
  if (existsSync(path)) throw new Error(`${path} already exists: choose another name`);
  if (await dataSource.showMigrations()) throw new Error('Some migrations have not run yet: npm run migration:run');
  // It would drop what they have made.
  const ahead = await aheadOfCode(dataSource);
  if (ahead) throw new Error(ahead);
  const { upQueries, downQueries } = await disagreement(dataSource);
  if (upQueries.length === 0) throw new Error('Entities and database agree: there is nothing to migrate');
  const up = [...upQueries.map(({ query }) => query), ...more];
  const down = downQueries.toReversed().map(({ query }) => query);
  writeFileSync(path, await pretty(path, migrationText(slug, now.getTime(), up, down)));
  return path;
}
