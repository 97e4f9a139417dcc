import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type ObjectLiteral } from 'typeorm';
import { Crud } from './crud/crud.js';
import type { CrudOptions } from './crud/crud.options.js';
import { PagesConfig } from './crud/pages.config.js';
import { dataSourceOptions } from './data-source.js';
import { ExportedTables, type ExportOptions } from './exported-tables.js';
import { Notifications } from './notifications.js';
import { Replicas } from './replicas/replicas.js';
import { OpenTransaction } from './open-transaction.js';
import { Schema } from './schema.js';
import { Sql } from './sql.js';
import { Transactions } from './transactions.js';

type Entity = new () => ObjectLiteral;

const tokenOf = (entity: Entity) => `Crud<${entity.name}>`;

/** Injects the `Crud` of an entity that the module has registered with `DatabaseModule.forFeature`. */
export const InjectCrud = (entity: Entity) => Inject(tokenOf(entity));

@Module({})
export class DatabaseModule {
  static forRoot(): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: async () => ({ ...(await dataSourceOptions()), toRetry: () => false }),
        }),
      ],
      providers: [OpenTransaction, Transactions, Sql, Notifications, Replicas, Schema, ExportedTables],
      exports: [OpenTransaction, Transactions, Sql, ExportedTables, Notifications, Replicas, Schema, TypeOrmModule],
    };
  }

  /** Provides `Crud<Entity>`; the application does not start if a DTO in `reads` names an unknown column. */
  static forFeature(entity: Entity, options: CrudOptions = {}): DynamicModule {
    const provider = {
      provide: tokenOf(entity),
      inject: [DataSource, OpenTransaction, Sql, PagesConfig, Replicas],
      useFactory: (dataSource: DataSource, open: OpenTransaction, sql: Sql, pages: PagesConfig, replicas: Replicas) =>
        new Crud(entity, { dataSource, open, sql, pages, replicas }, options),
    };
    return { module: DatabaseModule, providers: [provider], exports: [provider] };
  }

  /**
   * Makes the rows of an entity, which has an `id`, a section in the export of the user whom they belong to. It belongs
   * into a module that workers load, and needs an index on owner and id.
   */
  static forExport<E extends ObjectLiteral>(entity: new () => E, options: ExportOptions<E>): DynamicModule {
    ExportedTables.declare(options);
    const provider = {
      provide: `Exported<${entity.name}>`,
      inject: [ExportedTables],
      useFactory: (tables: ExportedTables) => tables.add(entity, options),
    };
    return { module: DatabaseModule, providers: [provider] };
  }
}
