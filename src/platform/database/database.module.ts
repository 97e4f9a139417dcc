import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type ObjectLiteral } from 'typeorm';
import { Crud } from './crud/crud.js';
import type { CrudOptions } from './crud/crud.options.js';
import { dataSourceOptions } from './data-source.js';
import { Notifications } from './notifications.js';
import { Replicas } from './replicas/replicas.js';
import { Schema } from './schema.js';
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
      providers: [Transactions, Notifications, Replicas, Schema],
      exports: [Transactions, Notifications, Replicas, Schema, TypeOrmModule],
    };
  }

  /** Provides `Crud<Entity>`; the application does not start if a DTO in `reads` names an unknown column. */
  static forFeature(entity: Entity, options: CrudOptions = {}): DynamicModule {
    const provider = {
      provide: tokenOf(entity),
      inject: [DataSource, Transactions, Replicas],
      useFactory: (dataSource: DataSource, transactions: Transactions, replicas: Replicas) =>
        new Crud(entity, dataSource, transactions, options, replicas),
    };
    return { module: DatabaseModule, providers: [provider], exports: [provider] };
  }
}
