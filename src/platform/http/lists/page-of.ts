import type { ObjectLiteral } from 'typeorm';
import type { Crud } from '../../database/crud/crud.js';
import type { ReadOptions, Selection } from '../../database/crud/crud.options.js';
import type { Filter } from '../../database/crud/filter.js';
import type { Position } from '../../database/crud/list-order.js';
import { type KeysetPage, keysetPage, type NumberedPage, numberedPage } from '../../database/crud/pages.js';
import { cursorOf, positionOf } from './cursors.js';
import type { KeysetQuery } from './pagination.js';

/**
 * The page of rows that a query asks for: by cursor if it has one, else by number.
 * @param where what the route itself asks for; it replaces what the query asks of the same columns
 */
export function pageOf<E extends ObjectLiteral & { id: number }, T extends { id: number }>(
  crud: Crud<E>,
  where: Filter<E>,
  as: Selection<E, T>,
  query: KeysetQuery,
  { deleted }: ReadOptions = {},
): Promise<NumberedPage<T> | KeysetPage<T>> {
  const { after, page, items_per_page } = query;
  const { where: asked, accepts, ...options } = query.parsed();
  const rows = { ...asked, ...where } as Filter<E>;
  if (after === undefined) return numberedPage(crud, rows, as, { page, items_per_page }, { ...options, deleted });
  const scope = { list: JSON.stringify([crud.name, rows, deleted]), order: options.order, accepts };
  const keyset = {
    after: positionOf(scope, after),
    items_per_page,
    cursorOf: (last: Position) => cursorOf(scope, last),
  };
  return keysetPage(crud, rows, as, keyset, { ...options, deleted });
}
