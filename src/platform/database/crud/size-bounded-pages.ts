import type { Sql } from '../sql.js';

// A page has one row more than fits, at most: 512 KiB with a text of 63,206 characters of four bytes.
const PAGE = { bytes: 256 * 1024, rows: 100 };

/** Which rows, by names and SQL of which none comes from outside. */
export interface Rows<T> {
  table: string;
  columns: (keyof T & string)[];
  /** The column that says whose they are. */
  owner: string;
  condition?: string;
}

/**
 * Walks the rows of one owner, however many and however long, in the order of their ids. Needs an index on owner and id.
 * @returns pages of 256 KiB and one row at most, and of 100 rows at most
 */
export async function* bytePages<T extends { id: number }>(
  sql: Sql,
  { table, columns, owner, condition = 'true' }: Rows<T>,
  ownerId: number,
): AsyncGenerator<T[]> {
  const bytes = columns.map((name) => `coalesce(octet_length("${name}"::text), 0)`).join(' + ');
  const select = `
    SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM ${table} JOIN (
      SELECT id, sum(bytes) OVER (ORDER BY id) - bytes AS bytes_before FROM (
        SELECT id, ${bytes} AS bytes FROM ${table}
        WHERE ${owner} = $1 AND id > $2 AND ${condition} ORDER BY id LIMIT ${PAGE.rows}
      ) AS next
    ) AS sized USING (id)
    WHERE bytes_before < ${PAGE.bytes} ORDER BY id`;
  let last = 0;
  for (;;) {
    const { rows: page } = await sql.query<T>(select, [ownerId, last]);
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)!.id;
  }
}
