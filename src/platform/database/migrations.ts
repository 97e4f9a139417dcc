/** What is to be said of migrations that cannot run, to whoever has to do something about it. */
import { type DataSource, MigrationExecutor, QueryFailedError } from 'typeorm';
import { StartRefused } from '../runtime/start-refused.js';

const LONGEST_STATEMENT = 300;

// By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
const HINTS: [RegExp, string][] = [
  [
    /^42(P04|P06|P07|701|710|723)$/,
    'What it creates is there already, perhaps from another branch: revert it there (npm run migration:revert), or start with an empty database.',
  ],
  [
    /^42(P01|703|704|883)$/,
    'What it changes is not there: an earlier migration has to create it, or somebody has changed the database by hand.',
  ],
  [/^23/, 'Rows in the database break the new rule: change or delete them in the migration, before the statement.'],
  [/^2BP01$/, 'Something else still needs what it drops: drop that first.'],
  [/^42501$/, 'The role of POSTGRES_* may not do this: migrations need the role that owns the tables.'],
  [/^(55P03|57014|40)/, 'Other transactions were in its way: run it again when there is less traffic.'],
  [/^(08|57P)/, 'The connection was lost: run it again when the database is back.'],
  [/^53/, 'The server has run out of disk space, memory or connections.'],
];
const USUAL = 'Correct the migration, then run it again.';

/**
 * The statements that bring the database to what the entities say, and back. TypeORM asks for the types of all columns of
 * arrays at once, of which pg warns.
 */
export async function disagreement({ driver }: DataSource) {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return await driver.createSchemaBuilder().log();
  } finally {
    process.noDeprecation = noDeprecation;
  }
}

/** The names of migrations that ran in this database and that the code does not have. */
export async function unknownMigrations(dataSource: DataSource): Promise<string[]> {
  const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
  const executed = await new MigrationExecutor(dataSource).getExecutedMigrations();
  return executed.map(({ name }) => name).filter((name) => !known.has(name));
}

/** One sentence about such migrations; undefined when there are none. */
export async function aheadOfCode(dataSource: DataSource): Promise<string | undefined> {
  const unknown = await unknownMigrations(dataSource);
  if (unknown.length === 0) return undefined;
  const remedy =
    'Switch to the branch that has them and run npm run migration:revert there, or start with an empty database.';
  return `The database is ahead of the code. It has run migrations that are not in migrations/: ${unknown.join(', ')}. ${remedy}`;
}

/** Runs what is pending, and answers the names. A failure names the migration, and says what to do. */
export async function runPending(dataSource: DataSource): Promise<string[]> {
  try {
    return (await dataSource.runMigrations({ transaction: 'each' })).map(({ name }) => name);
  } catch (error) {
    // Those before it are committed.
    const pending = await new MigrationExecutor(dataSource).getPendingMigrations().catch(() => []);
    throw failed(pending[0]?.name, error);
  }
}

/** Takes the last one back, and answers its name, if there is one. */
export async function revertLast(dataSource: DataSource): Promise<string | undefined> {
  const executed = await new MigrationExecutor(dataSource).getExecutedMigrations();
  const last = executed.toSorted((one, other) => one.timestamp - other.timestamp).at(-1)?.name;
  if (last === undefined) return undefined;
  if ((await unknownMigrations(dataSource)).includes(last)) throw new StartRefused(await aheadOfCode(dataSource));
  await dataSource.undoLastMigration({ transaction: 'each' }).catch((error: unknown) => {
    throw failed(last, error);
  });
  return last;
}

function failed(name: string | undefined, error: unknown): unknown {
  if (name === undefined) return error;
  if (!(error instanceof QueryFailedError)) return new StartRefused(`${name}: ${(error as Error).stack}`);
  // None where the connection broke.
  const { code = '08' } = error.driverError as { code?: string };
  const hint = HINTS.find(([codes]) => codes.test(code))?.[1] ?? USUAL;
  const statement = error.query.replace(/\s+/g, ' ').slice(0, LONGEST_STATEMENT);
  return new StartRefused(`${name}: ${error.message}\n  in: ${statement}\n  ${hint}`);
}
