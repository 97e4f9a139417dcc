import type { ObjectLiteral } from 'typeorm';
import type { Crud } from './crud.js';
import type { ReadOptions, Selection } from './crud.options.js';
import { PageTooLarge } from './pages.errors.js';
import type { Filter } from './filter.js';

/** One page by number, newest first. */
export interface NumberedPage<T> {
  data: T[];
  total_count: number;
  has_more: boolean;
  page: number;
  items_per_page: number;
}

/** One page by cursor, newest first; `next` leads to the page after it, and is null on the last. */
export interface KeysetPage<T> {
  data: T[];
  total_count: number;
  has_more: boolean;
  next: string | null;
  items_per_page: number;
}

/** Page number `page`, from 1. A page past the end is empty. Throws `PageTooLarge`, `TooManyLargePages`. */
export async function numberedPage<E extends ObjectLiteral, T>(
  crud: Crud<E>,
  where: Filter<E>,
  as: Selection<E, T>,
  { page, items_per_page }: { page: number; items_per_page: number },
  options: ReadOptions = {},
): Promise<NumberedPage<T>> {
  const offset = (page - 1) * items_per_page;
  const { rows, has_more, isCut } = await crud.inTurn(as, items_per_page, () =>
    crud.getPage(where, as, { ...options, limit: items_per_page, offset, isWhole: true }),
  );
  if (isCut) throw new PageTooLarge();
  // The last page tells itself, unless it lies beyond the end.
  const isLast = !has_more && (rows.length > 0 || offset === 0);
  const total_count = isLast ? offset + rows.length : await crud.total(where, options);
  return { data: rows, total_count, has_more, page, items_per_page };
}

/**
 * The rows older than the id `before`, or the newest: fewer where so many would be too much for one answer. Throws
 * `TooManyLargePages`.
 */
export async function keysetPage<E extends ObjectLiteral & { id: number }, T extends { id: number }>(
  crud: Crud<E>,
  where: Filter<E>,
  as: Selection<E, T>,
  { before, items_per_page, cursorOf }: { before?: number; items_per_page: number; cursorOf: (id: number) => string },
  options: ReadOptions = {},
): Promise<KeysetPage<T>> {
  const older = before === undefined ? where : { ...where, id: { lt: before } };
  const { rows: data, has_more } = await crud.inTurn(as, items_per_page, () =>
    crud.getPage(older, as, { ...options, limit: items_per_page }),
  );
  const isAll = before === undefined && !has_more;
  const total_count = isAll ? data.length : await crud.total(where, options);
  return { data, total_count, has_more, next: has_more ? cursorOf(data.at(-1)!.id) : null, items_per_page };
}
