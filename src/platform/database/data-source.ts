import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { Client } from './pg-client.js';
import { DatabaseConfig } from './database.config.js';
import { NamingStrategy } from './naming.strategy.js';
import { types } from './value-types.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Where entities and migrations are, in the folder of the build. The programs of tests add theirs. */
export const SCHEMA_FOLDERS = { entities: ['src'], migrations: ['migrations'] };

const STATEMENT_MILLISECONDS = 15_000;

// Else PostgreSQL plans the first five runs of a statement by its values: it takes a page to be all that there is, and
// sorts every row of a user. A list is to be read in the order of its index, whoever it belongs to. BullMQ's functions
// are left to plan as they were written for.
// Such a plan knows no limit, and would start workers to find the eleven rows of a page.
const ONE_PLAN = '-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0';

/** What each connection for statements is made with. */
function connectionOptions(statementTimeout: number) {
  return { Client, types, statement_timeout: statementTimeout, options: ONE_PLAN };
}

/**
 * The options of the one data source, shared by the application and the migration commands.
 * @param statementTimeout milliseconds; 0 for migrations, which may take their time
 */
export async function dataSourceOptions({
  statementTimeout = STATEMENT_MILLISECONDS,
} = {}): Promise<DataSourceOptions> {
  const config = settingsOf(DatabaseConfig);
  return {
    type: 'postgres',
    url: config.url,
    applicationName: settingsOf(AppConfig).APP_NAME,
    namingStrategy: new NamingStrategy(),
    // Silent unless DEBUG asks for it: `migrate` itself reports failed migrations.
    logger: 'debug',
    entities: await classesIn(SCHEMA_FOLDERS.entities, /\.entity\.js$/),
    migrations: await classesIn(SCHEMA_FOLDERS.migrations, /\.js$/),
    migrationsTableName: 'migration',
    poolSize: config.POSTGRES_POOL_SIZE,
    connectTimeoutMS: 5_000,
    extra: connectionOptions(statementTimeout),
  };
}

/** The pool that TypeORM owns, for statements that PostgreSQL is to plan once for each connection: those with a name. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master;
}

/**
 * The options of a pool beside TypeORM's own, with connections like those.
 * @param purpose tells its connections apart in `pg_stat_activity`
 */
export function poolOptions(url: string, purpose?: string): pg.PoolConfig {
  const name = settingsOf(AppConfig).APP_NAME;
  return {
    connectionString: url,
    application_name: purpose ? `${name} (${purpose})` : name,
    max: settingsOf(DatabaseConfig).POSTGRES_POOL_SIZE,
    ...connectionOptions(STATEMENT_MILLISECONDS),
  };
}

export async function createDataSource(options?: { statementTimeout: number }): Promise<DataSource> {
  return new DataSource(await dataSourceOptions(options));
}

/** The classes that files export. TypeORM's own globs fail silently below a folder such as "app (1)". */
async function classesIn(folders: string[], name: RegExp): Promise<(abstract new () => object)[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => name.test(file))
      .map((file) => join(root, folder, file)),
  );
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  const exported = modules.flatMap((module) => Object.values(module as object) as unknown[]);
  return exported.filter((value) => typeof value === 'function') as (abstract new () => object)[];
}
