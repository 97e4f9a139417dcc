/** Writes migrations/YYYY-MM-DD_slug.ts: what it takes to bring the database to what the entities say, and back. */
import { existsSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { createDataSource } from '../dist/src/platform/database/data-source.js';
import { aheadOfCode, disagreement } from '../dist/src/platform/database/migrations.js';

const slug = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug)) {
  stop('Name the migration: npm run migration:generate -- add-post-tags (lower-case words joined by hyphens)');
}
const now = new Date();
const path = `migrations/${now.toISOString().slice(0, 10)}_${slug}.ts`;
if (existsSync(path)) stop(`${path} already exists: choose another name`);

const dataSource = await createDataSource().then((source) => source.initialize());
if (await dataSource.showMigrations()) stop('Some migrations have not run yet: npm run migration:run');
// It would drop what they have made.
const ahead = await aheadOfCode(dataSource);
if (ahead) stop(ahead);
const { upQueries, downQueries } = await disagreement(dataSource);
await dataSource.destroy();
if (upQueries.length === 0) stop('Entities and database agree: there is nothing to migrate');

const className = slug
  .split('-')
  .map((word) => word[0].toUpperCase() + word.slice(1))
  .join('');
const statements = (queries) => queries.map(({ query }) => `await runner.query(${quote(query)});`).join('\n');
const source = `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className}${now.getTime()} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    ${statements(upQueries)}
  }

  async down(runner: QueryRunner): Promise<void> {
    ${statements(downQueries.toReversed())}
  }
}
`;
writeFileSync(path, await format(source, { ...(await resolveConfig(path)), parser: 'typescript' }));
process.stdout.write(`Wrote ${path}: read it, then npm run migration:run\n`);

function quote(sql) {
  return `\`${sql.replace(/[\\`]|\$\{/g, '\\$&')}\``;
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
