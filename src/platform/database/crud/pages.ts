import type { ObjectLiteral } from 'typeorm';
import type { Crud } from './crud.js';
import type { ListOptions, Selection } from './crud.options.js';
import { FEW } from './compiled-statement.js';
import type { Position } from './list-order.js';
import { PageTooLarge } from './pages.errors.js';
import type { Filter } from './filter.js';

/** One page by number. */
export interface NumberedPage<T> {
  data: T[];
  total_count: number;
  has_more: boolean;
  page: number;
  items_per_page: number;
}

/** One page by cursor; `next` leads to the page after it, and is null on the last. */
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
  { order, ...options }: ListOptions = {},
): Promise<NumberedPage<T>> {
  const offset = (page - 1) * items_per_page;
  const known = await knownTotal(crud, where, options);
  const { rows, has_more, isCut } = await crud.inTurn(as, items_per_page, () =>
    crud.getPage(where, as, { ...options, order, isFew: isFew(known), limit: items_per_page, offset, isWhole: true }),
  );
  if (isCut) throw new PageTooLarge();
  // The last page tells itself, unless it lies beyond the end.
  const isLast = !has_more && (rows.length > 0 || offset === 0);
  const total_count = isLast ? offset + rows.length : (known ?? (await crud.total(where, { ...options, order })));
  return { data: rows, total_count, has_more, page, items_per_page };
}

/**
 * The rows after a place in the order, or the first: fewer where so many would be too much for one answer. Throws
 * `TooManyLargePages`.
 */
export async function keysetPage<E extends ObjectLiteral & { id: number }, T extends { id: number }>(
  crud: Crud<E>,
  where: Filter<E>,
  as: Selection<E, T>,
  {
    after,
    items_per_page,
    cursorOf,
  }: { after?: Position; items_per_page: number; cursorOf: (last: Position) => string },
  { order, ...options }: ListOptions = {},
): Promise<KeysetPage<T>> {
  const known = await knownTotal(crud, where, options);
  const { rows, has_more, last } = await crud.inTurn(as, items_per_page, () =>
    crud.getPage(where, as, { ...options, order, isFew: isFew(known), after, limit: items_per_page }),
  );
  const isAll = after === undefined && !has_more;
  const total_count = isAll ? rows.length : (known ?? (await crud.total(where, { ...options, order })));
  return { data: rows, total_count, has_more, next: has_more ? cursorOf(last!) : null, items_per_page };
}

/** How many rows there are, where that decides how they are best found. */
async function knownTotal<E extends ObjectLiteral>(
  crud: Crud<E>,
  where: Filter<E>,
  options: ListOptions,
): Promise<number | undefined> {
  return options.isScattered ? crud.total(where, options) : undefined;
}

const isFew = (total?: number) => total !== undefined && total <= FEW;
