import type { CustomTypesConfig } from 'pg';

/** A statement that PostgreSQL prepares once a connection; two of one name have the same text. */
export interface NamedStatement {
  /** Empty for one that is not kept. */
  name: string;
  text: string;
  values: unknown[];
  /** Rows as lists of values, in the order of `fields`. */
  rowMode?: 'array';
  /** How values are read; as everywhere, if nothing is said. */
  types?: CustomTypesConfig;
}

export interface SqlResult<Row> {
  rows: Row[];
  /** How many were read or written. */
  rowCount: number | null;
  /** The columns of the rows. */
  fields: { name: string }[];
}
