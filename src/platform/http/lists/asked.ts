import type { Order } from '../../database/crud/list-order.js';
import { isCompared, type Parameter } from './list-parameters.js';
import type { Asked } from './pagination.js';
import type { QueryValue } from './query-value.js';
import { defaultOrder, orderOf } from './sort-parameter.js';
import { conditionOf, type SearchDeclaration } from './search-words.js';

/** What a list declares. */
export interface Plan {
  parameters: Parameter[];
  /** The columns that can give the order. */
  kinds: Map<string, QueryValue>;
  search?: SearchDeclaration<never>;
}

/** The rows and the order that a validated query asks for. */
export function askedOf(query: Record<string, unknown>, { parameters, kinds, search }: Plan): Asked {
  const where: Record<string, Record<string, unknown>> = {};
  let compared: string | undefined;
  for (const { name, column, operator } of parameters) {
    const value = query[name];
    if (value === undefined) continue;
    where[column] = { ...where[column], ...comparison(operator, value) };
    if (isCompared(operator)) compared ??= column;
  }
  const { sort, search: words } = query as { sort?: string; search?: string };
  if (search && words !== undefined) Object.assign(where, conditionOf(search, words));
  const order = sort === undefined ? defaultOrder(compared) : orderOf(sort);
  const isFiltered = Object.keys(where).length > 0;
  const accepts = (value: string) => kinds.get(order.column)?.parse(asWritten(value)) !== undefined;
  return { where, order, isFiltered, isPlanned: isFiltered && !isIndexed(where, order), accepts };
}

function comparison(operator: string, value: unknown): object {
  if (operator === 'null' && value === false) return { not: null };
  return { [operator]: operator === 'contains' ? [value] : value };
}

/** Whether the index on one column and the id has the rows in their order, whatever the values are. */
function isIndexed(where: Record<string, Record<string, unknown>>, order: Order): boolean {
  const [[column, condition], ...others] = Object.entries(where) as [[string, object], ...unknown[]];
  if (others.length > 0) return false;
  const operators = Object.keys(condition);
  // An index on what is seldom true has those rows only.
  if (order.column === 'id') return operators.length === 1 && 'is' in condition && typeof condition.is !== 'boolean';
  return order.column === column && operators.every((operator) => isCompared(operator) || operator === 'not');
}

/** PostgreSQL writes an instant in UTC as 2026-11-29 12:00:00+00. */
function asWritten(value: string): string {
  return value.replace(/^([\d-]{10}) ([\d:.]+)\+00$/, '$1T$2Z');
}
