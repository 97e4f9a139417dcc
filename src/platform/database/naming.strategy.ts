import { DefaultNamingStrategy, type Table } from 'typeorm';

const nameOf = (table: Table | string) => (typeof table === 'string' ? table : table.name).split('.').pop()!;

const snakeCase = (...names: string[]) =>
  names
    .join('_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();

/**
 * Names keys and indexes as PostgreSQL itself does: `<table>_<column>_idx`, `_key`, `_fkey`, `<table>_pkey`. Columns that
 * no decorator names are in snake case, like those that one does.
 */
export class NamingStrategy extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return [...prefixes.map((prefix) => snakeCase(prefix)), custom ?? property].filter(Boolean).join('_');
  }

  override joinColumnName(relation: string, referenced: string): string {
    return snakeCase(relation, referenced);
  }

  override joinTableColumnName(table: string, property: string, column?: string): string {
    return snakeCase(table, column ?? property);
  }

  override joinTableInverseColumnName(table: string, property: string, column?: string): string {
    return this.joinTableColumnName(table, property, column);
  }

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
