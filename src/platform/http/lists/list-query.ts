/** One declaration says how clients may filter, sort and search a list: the rest is read from the entity. */
import type { Type } from '@nestjs/common';
import type { ColumnOptions } from 'typeorm';
import { columnOf } from '../../database/entity-columns.js';
import { parsedQuery } from './parsed-query.js';
import { FilteredBy, parametersOf } from './list-parameters.js';
import { type ParsedQuery, KeysetQuery } from './pagination.js';
import { queryValueOf } from './query-values.js';
import { nameOf, SortedBy } from './sort-parameter.js';
import { type SearchDeclaration, SearchWords } from './search-words.js';

/** What clients may ask of a list; everything else is 422. */
interface Declaration<E, F extends keyof E, S extends keyof E> {
  /** Columns; each needs an index on it and the id. */
  filter?: readonly (F & string)[];
  /** All values that a column can have, where its type does not say so. */
  values?: { [K in F]?: readonly string[] };
  /** Columns to sort by, both ways; each needs an index on it and the id, after what the route itself asks for. */
  sort?: readonly (S & string)[];
  search?: SearchDeclaration<E>;
}

type Element<V> = V extends readonly (infer I)[] ? I : V extends Date ? string : V;
type Parameters<E, F extends keyof E & string> = { [K in F]?: Element<NonNullable<E[K]>> } & {
  [K in F as `${K}[${'gt' | 'gte' | 'lt' | 'lte'}]`]?: Element<NonNullable<E[K]>>;
} & { [K in F as `${K}[in]`]?: Element<NonNullable<E[K]>>[] } & { [K in F as `${K}[null]`]?: boolean };

export type ListQueryOf<E, F extends keyof E & string, S extends keyof E & string> = KeysetQuery &
  Parameters<E, F> & { sort?: S | `-${S}`; search?: string };

/**
 * The query of a list that can be filtered (`?price_cents[gte]=100`), sorted (`?sort=-price_cents`) and searched
 * (`?search=words`); extend it beside the DTOs, and give it to `pageOf`. Filters take values, lists (`[in]`) and
 * comparisons (`[gt]`, `[gte]`, `[lt]`, `[lte]`, `[null]`) as the types of their columns have them. Throws for a column
 * that the entity does not have, or of a type that a query cannot take.
 */
export function ListQuery<E extends object, F extends keyof E & string = never, S extends keyof E & string = never>(
  entity: Type<E>,
  { filter = [], values = {}, sort = [], search }: Declaration<E, F, S>,
): Type<ListQueryOf<E, F, S>> {
  const columns = new Map([...filter, ...sort].map((name) => [name, columnWith(values, entity, name)]));
  const parameters = filter.flatMap((name) => parametersOf(name, columns.get(name)!));
  const kinds = new Map([...columns].map(([name, column]) => [name, queryValueOf(name, column)]));
  const plan = { parameters, kinds, search };
  class Query extends KeysetQuery {
    override parsed(): ParsedQuery {
      return parsedQuery(this as Record<string, unknown>, plan);
    }

    /** The order by its name, even where it is that of the list. */
    override toJSON(): object {
      return { ...super.toJSON(), sort: nameOf(this.parsed().order) };
    }
  }
  for (const parameter of parameters) FilteredBy(parameter)(Query.prototype, parameter.name);
  if (sort.length > 0) SortedBy(sort)(Query.prototype, 'sort');
  if (search) SearchWords(search)(Query.prototype, 'search');
  return Query as unknown as Type<ListQueryOf<E, F, S>>;
}

function columnWith(values: Record<string, unknown>, entity: Type<object>, name: string): ColumnOptions {
  const column = columnOf(entity, name);
  return values[name] ? { ...column, enum: values[name] } : column;
}
