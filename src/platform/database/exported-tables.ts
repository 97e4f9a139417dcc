import { Injectable } from '@nestjs/common';
import { DataSource, type ObjectLiteral, type Repository } from 'typeorm';
import { compileRow } from './crud/nested-rows.js';
import { type Dto, flatNames, type Projection, projectionOf } from './crud/projection.js';
import { StatementParts } from './crud/statement-parts.js';

export interface ExportOptions<E> {
  /** The name of the section in the export. */
  name: string;
  /** The column with the id of the user. */
  owner: keyof E & string;
  /** The DTO whose fields are exported. */
  as: Dto;
  /** Whether it is one row, and no list. */
  isOne?: boolean;
}

/** A table whose rows are a section in the export of the user whom they belong to. */
export interface ExportedTable extends Required<Omit<ExportOptions<ObjectLiteral>, 'as'>> {
  /** SQL of its rows, with `columns` and the owner. */
  table: string;
  columns: string[];
  /** Makes a row of the values of `columns`. */
  read: (values: unknown[]) => object;
}

type Section = Pick<ExportOptions<ObjectLiteral>, 'as' | 'isOne'>;

/** What exports consist of, by name. Domains say it with `DatabaseModule.forExport`. */
@Injectable()
export class ExportedTables {
  private static readonly sections = new Map<string, Section>();
  private readonly tables = new Map<string, ExportedTable>();

  constructor(private readonly dataSource: DataSource) {}

  /** What each section of an export has, by name, of the domains that have been imported so far: for the document. */
  static get declared(): [string, Section][] {
    return [...this.sections].toSorted(([one], [other]) => (one < other ? -1 : 1));
  }

  static declare<E>({ name, as, isOne }: ExportOptions<E>): void {
    this.sections.set(name, { as, isOne });
  }

  get all(): ExportedTable[] {
    return [...this.tables.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Throws when the DTO names a column that the entity does not have. */
  add<E extends ObjectLiteral>(entity: new () => E, { name, owner, as, isOne = false }: ExportOptions<E>): void {
    const rows = this.dataSource.getRepository<E>(entity);
    const projection = projectionOf(as, rows.metadata);
    const columns = flatNames(projection);
    const table = sourceOf(rows, projection, owner);
    this.tables.set(name, { name, table, owner, columns, isOne, read: compileRow(columns) });
  }
}

/** The table, or a query where rows of others are nested in its rows. */
function sourceOf<E extends ObjectLiteral>(rows: Repository<E>, projection: Projection, owner: string): string {
  const { metadata } = rows;
  if (projection.relations.length === 0) return `"${metadata.tableName}"`;
  const parts = new StatementParts(rows.createQueryBuilder('t'), 'include');
  parts.project(projection, 't', metadata);
  if (!projection.columns.includes(owner)) parts.query.addSelect(`t.${owner}`, owner);
  return `(${parts.query.getQuery()}) AS rows`;
}
