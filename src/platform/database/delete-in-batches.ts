import type { Sql } from './sql.js';

const BATCH = 1_000;

/**
 * Deletes the matching rows of a table with an `id`, a thousand at a time, so that nobody waits long for their locks.
 * @param condition SQL, and none of it from outside
 * @returns how many there were, fewer if `signal` aborts
 */
export async function deleteInBatches(
  sql: Sql,
  { table, condition, signal }: { table: string; condition: string; signal: AbortSignal },
): Promise<number> {
  const some = `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${condition} LIMIT ${BATCH})`;
  let all = 0;
  let deleted: number | null = BATCH;
  while (deleted === BATCH && !signal.aborted) {
    ({ rowCount: deleted } = await sql.query(some));
    all += deleted!;
  }
  return all;
}
