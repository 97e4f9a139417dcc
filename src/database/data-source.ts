import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { DatabaseConfig } from './database.config.js';
import { NamingStrategy } from './naming.strategy.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Ids are 64-bit identity columns but sent as JSON numbers: they stay exact up to 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
};

/** The options of the one data source, shared by the application and the migration commands. */
export function dataSourceOptions(): DataSourceOptions {
  const config = settingsOf(DatabaseConfig);
  return {
    type: 'postgres',
    url: config.url,
    applicationName: settingsOf(AppConfig).APP_NAME,
    namingStrategy: new NamingStrategy(),
    entities: [join(root, 'src', '*', '*.entity.js')],
    migrations: [join(root, 'migrations', '*.js')],
    migrationsTableName: 'migration',
    poolSize: config.POSTGRES_POOL_SIZE,
    connectTimeoutMS: 5_000,
    extra: { types, statement_timeout: 15_000 },
  };
}

export function createDataSource(): DataSource {
  return new DataSource(dataSourceOptions());
}
