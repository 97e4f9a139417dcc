import { DefaultNamingStrategy, type Table } from 'typeorm';

const nameOf = (table: Table | string) => (typeof table === 'string' ? table : table.name).split('.').pop()!;

/** Names keys and indexes as PostgreSQL itself does: `<table>_<column>_idx`, `_key`, `_fkey`, `<table>_pkey`. */
export class NamingStrategy extends DefaultNamingStrategy {
  override primaryKeyName(table: Table | string): string {
    return `${nameOf(table)}_pkey`;
  }

  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${nameOf(table)}_${columns.join('_')}_key`;
  }

  override relationConstraintName(table: Table | string, columns: string[]): string {
    return this.uniqueConstraintName(table, columns);
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${nameOf(table)}_${columns.join('_')}_fkey`;
  }

  override indexName(table: Table | string, columns: string[]): string {
    return `${nameOf(table)}_${columns.join('_')}_idx`;
  }

  override checkConstraintName(table: Table | string, expression: string): string {
    throw new Error(`Name the check on ${nameOf(table)} yourself, <table>_<name>_check: ${expression}`);
  }
}
