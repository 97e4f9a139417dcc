import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StartRefused } from '../runtime/start-refused.js';
import { Sql } from './sql.js';
import { isSqlstate, NO_SUCH_TABLE } from './sqlstates.js';

/** The schema that this release needs. A newer one does as well: releases change places one process after another. */
@Injectable()
export class Schema implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sql: Sql,
  ) {}

  /** Nothing is served on a schema that is behind. */
  async onModuleInit(): Promise<void> {
    const pending = await this.pending();
    if (pending.length > 0) throw new StartRefused(`the schema is behind, run migrate first: ${pending.join(', ')}`);
  }

  /** The names of the migrations that this release has and the database has not run. */
  async pending(): Promise<string[]> {
    const run = await this.run();
    return this.dataSource.migrations.map(nameOf).filter((name) => !run.has(name));
  }

  private async run(): Promise<Set<string>> {
    const { migrationsTableName } = this.dataSource.options;
    try {
      const { rows } = await this.sql.query<{ name: string }>(`SELECT name FROM "${migrationsTableName}"`);
      return new Set(rows.map(({ name }) => name));
    } catch (error) {
      if (isSqlstate(error, NO_SUCH_TABLE)) return new Set();
      throw error;
    }
  }
}

const nameOf = (migration: DataSource['migrations'][number]) => migration.name ?? migration.constructor.name;
