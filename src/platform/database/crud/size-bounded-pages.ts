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
  const names = columns.map((name) => `"${name}"`).join(', ');
  const bytes = columns.map((name) => `coalesce(octet_length("${name}"::text), 0)`).join(' + ');
  // Lengths are taken after the limit: else a plan that sorts writes every row that is left out as text.
  const select = `
    SELECT ${names} FROM (
      SELECT ${names}, sum(${bytes}) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
      FROM (
        SELECT ${names} FROM ${table} WHERE ${owner} = $1 AND id > $2 AND ${condition} ORDER BY id LIMIT $3
      ) AS next
    ) AS sized
    WHERE coalesce(bytes_before, 0) < ${PAGE.bytes} ORDER BY id`;
  let last = 0;
  let atMost = PAGE.rows;
  for (;;) {
    const { rows: page } = await sql.query<T>(select, [ownerId, last, atMost]);
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)!.id;
    // The others are written as text for nothing.
    atMost = Math.min(PAGE.rows, 2 * page.length);
  }
}
