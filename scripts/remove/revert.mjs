/** Takes back the migrations that are named, if they were the last ones that this database ran, and tasks that wait. */
import { MigrationExecutor } from 'typeorm';
import { createDataSource } from '../../dist/src/platform/database/data-source.js';
import { revertLast } from '../../dist/src/platform/database/migrations.js';
import { withoutTasks } from './migrations.mjs';

const { migrations, tasks } = JSON.parse(process.argv[2]);
const dataSource = await createDataSource().then((source) => source.initialize());
for (;;) {
  const [last] = await new MigrationExecutor(dataSource).getExecutedMigrations();
  if (!last || !migrations.includes(last.name)) break;
  process.stdout.write(`reverted ${await revertLast(dataSource)}\n`);
  for (const statement of withoutTasks(tasks)) await dataSource.query(statement);
}
await dataSource.destroy();
