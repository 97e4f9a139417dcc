/** Entities of a suite alone, in a database of its own; the project's own come from migrations. */
import { DataSource, type ObjectLiteral } from 'typeorm';
import { settingsOf } from '../../src/platform/config/settings.js';
import type { CrudDoors } from '../../src/platform/database/crud/crud.options.js';
import { PagesConfig } from '../../src/platform/database/crud/pages.config.js';
import { dataSourceOptions } from '../../src/platform/database/data-source.js';
import { NamingStrategy } from '../../src/platform/database/naming.strategy.js';
import { OpenTransaction } from '../../src/platform/database/open-transaction.js';
import { Sql } from '../../src/platform/database/sql.js';
import { createDatabase } from './program.js';

export interface Entities {
  dataSource: DataSource;
  doors: CrudDoors;
  close(): Promise<void>;
}

export async function createEntities(...entities: (new () => ObjectLiteral)[]): Promise<Entities> {
  const database = await createDatabase('template0');
  process.env.POSTGRES_URL = database.url;
  const { extra } = (await dataSourceOptions()) as { extra: object };
  const options = { type: 'postgres', url: database.url, entities, synchronize: true, extra } as const;
  const dataSource = await new DataSource({ ...options, namingStrategy: new NamingStrategy() }).initialize();
  const close = async () => {
    await dataSource.destroy();
    await database.drop();
  };
  return { dataSource, doors: doorsOf(dataSource), close };
}

export function doorsOf(dataSource: DataSource): CrudDoors {
  const open = new OpenTransaction(dataSource);
  return { dataSource, open, sql: new Sql(dataSource, open), pages: settingsOf(PagesConfig) };
}
