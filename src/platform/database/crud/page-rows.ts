import type { PageRows } from './crud.options.js';
import { MERGED, VALUE } from './list-order.js';

const TOLD = ['found', VALUE, ...MERGED];

/**
 * The page that one row more than its `limit` was read for.
 * @param isTold whether rows have more than their columns
 */
export function pageRows<T>(read: T[], limit: number, isTold?: boolean): PageRows<T> {
  const rows = read.slice(0, limit);
  const found = (read[0] as { found?: number } | undefined)?.found ?? read.length;
  const last = rows.at(-1) as { id: number; [VALUE]?: string | null } | undefined;
  const place = last && { value: last[VALUE] ?? null, id: last.id };
  if (isTold) for (const row of rows) leaveOut(row as Record<string, unknown>);
  return { rows, last: place, has_more: found > rows.length, isCut: rows.length < Math.min(found, limit) };
}

/** JSON leaves out undefined properties; deleting one would make the object slow to read. */
function leaveOut(row: Record<string, unknown>): void {
  for (const name of TOLD) if (name in row) row[name] = undefined;
}
