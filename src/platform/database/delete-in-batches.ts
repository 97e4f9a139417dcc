import type { Transactions } from './transactions.js';

const BATCH = 1_000;

/**
 * Deletes the matching rows of a table with an `id`, a thousand at a time, so that nobody waits long for their locks.
 * @param condition SQL, and none of it from outside
 * @returns how many there were, fewer if `signal` aborts
 */
export async function deleteInBatches(
  { manager }: Transactions,
  { table, condition, signal }: { table: string; condition: string; signal: AbortSignal },
): Promise<number> {
  const some = `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${condition} LIMIT ${BATCH})`;
  let all = 0;
  let deleted = BATCH;
  while (deleted === BATCH && !signal.aborted) {
    [, deleted] = await manager.query<[unknown, number]>(some);
    all += deleted;
  }
  return all;
}
