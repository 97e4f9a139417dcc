import type { Order } from '../../database/crud/list-order.js';
import { isCompared, type Parameter } from './list-parameters.js';
import type { ParsedQuery } from './pagination.js';
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
export function parsedQuery(query: Record<string, unknown>, { parameters, kinds, search }: Plan): ParsedQuery {
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
  const accepts = (value: string) => kinds.get(order.column)?.parse(asWritten(value)) !== undefined;
  return { where, order, accepts, ...accessOf(where, order) };
}

function comparison(operator: string, value: unknown): object {
  if (operator === 'null' && value === false) return { not: null };
  return { [operator]: operator === 'contains' ? [value] : value };
}

type Access = Pick<ParsedQuery, 'isFiltered' | 'isPlanned' | 'isScattered'>;

/**
 * How rows are found. An index on a column and the id has those that one comparison asks for in their order, whatever the
 * values are. It has those with one value as well; but that may be the value of most rows, or of none, and only a plan
 * for it tells whether to look for it or along the list.
 */
function accessOf(where: Record<string, object>, { column }: Order): Access {
  const conditions = Object.entries(where);
  if (conditions.length === 0) return {};
  if (conditions.length > 1) return { isFiltered: true, isPlanned: true, isScattered: true };
  const [[name, condition]] = conditions as [[string, object]];
  const operators = Object.keys(condition);
  const isLone = column === 'id' && operators.join() === 'is';
  const isRange = column === name && operators.every((operator) => isCompared(operator) || operator === 'not');
  return { isFiltered: true, isPlanned: !isRange, isScattered: !isRange && !isLone };
}

/** PostgreSQL writes an instant in UTC as 2026-11-29 12:00:00+00. */
function asWritten(value: string): string {
  return value.replace(/^([\d-]{10}) ([\d:.]+)\+00$/, '$1T$2Z');
}
