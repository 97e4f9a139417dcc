/** `npm run migration:generate -- add-post-tags`: writes the migration that the entities ask for. */
import { createDataSource } from '../dist/src/platform/database/data-source.js';
import { writeMigration } from './migration-file.mjs';

const slug = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug)) {
  stop('Name the migration: npm run migration:generate -- add-post-tags (lower-case words joined by hyphens)');
}
const dataSource = await createDataSource().then((source) => source.initialize());
const path = await writeMigration(dataSource, slug).catch(({ message }) => stop(message));
await dataSource.destroy();
process.stdout.write(`Wrote ${path}: read it, then npm run migration:run\n`);

/** @returns {never} */
function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
