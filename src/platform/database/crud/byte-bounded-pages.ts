import type { Sql } from '../sql.js';
import { type Rows, sizedSelect } from './sized-select.js';

// A page has one row more than fits, at most: 512 KiB with a text of 63,206 characters of four bytes.
const PAGE = { bytes: 256 * 1024, rows: 100 };

/**
 * Walks the rows of one owner, however many and however long, in the order of their ids. Needs an index on owner and id.
 * @returns pages of 256 KiB and one row at most, and of 100 rows at most
 */
export async function* bytePages<T extends { id: number }>(
  sql: Sql,
  rows: Rows<T>,
  ownerId: number,
): AsyncGenerator<T[]> {
  const select = sizedSelect(rows);
  let last = 0;
  let atMost = PAGE.rows;
  for (;;) {
    const { rows: page } = await sql.query<T>(select, [ownerId, last, atMost, PAGE.bytes]);
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)!.id;
    // The others are written as text for nothing.
    atMost = Math.min(PAGE.rows, 2 * page.length);
  }
}
