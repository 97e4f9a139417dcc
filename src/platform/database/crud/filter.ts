/** Which rows: typed conditions on the columns of an entity. */
type Scalar = string | number | boolean | Date;

/** Conditions on one column that hold together. */
export interface Comparison<V> {
  is?: V;
  in?: V[];
  not?: V | null;
  lt?: V;
  lte?: V;
  gt?: V;
  gte?: V;
  /** There is nothing in it. */
  null?: true;
  /** Of a `tsvector`: words to search for, by the name of a text search configuration; see `searchSql`. */
  matches?: Record<string, string>;
  /** The same, where the last word may go on. */
  begins?: Record<string, string>;
}

/** A condition on one column: a value, one of several, null, or comparisons. */
export type Condition<V> = V | V[] | null | Comparison<V>;

/** A condition on a column that is an array: it has a value, or one of several, or is null, or all that holds. */
export type ArrayCondition<V> = V | V[] | null | { contains?: V[]; overlaps?: V[]; not?: null; null?: true };

/**
 * Typed keys of the entity; a relation takes a filter on the row that it points to, which has to name one row by its id
 * or another unique column, or null.
 */
export type Filter<E> = { [K in keyof E]?: ConditionOn<NonNullable<E[K]>> };

type ConditionOn<V> = V extends Scalar
  ? Condition<V>
  : V extends (infer Item)[]
    ? Item extends Scalar
      ? ArrayCondition<Item>
      : never
    : V extends object
      ? Filter<V> | null
      : never;

/** Which soft-deleted rows a read sees: none (default), all, or nothing else. */
export type Deleted = 'exclude' | 'include' | 'only';

export const OPERATORS = {
  is: '=',
  not: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  contains: '@>',
  overlaps: '&&',
} as const;
export type Operator = keyof typeof OPERATORS;

/** The shape of a filter as text, and its values in order. Undefined conditions are refused, not ignored. */
export function valuesOf(filter: object, values: unknown[]): string {
  let key = '';
  for (const [name, condition] of Object.entries(filter)) {
    if (condition === undefined) throw new Error(`The condition on ${name} is undefined`);
    if (condition === null) key += `${name}~,`;
    else if (name === 'null') key += '~,';
    else if (Array.isArray(condition)) {
      key += `${name}[],`;
      values.push(condition);
    } else if (typeof condition === 'object' && !(condition instanceof Date)) {
      key += `${name}{${valuesOf(condition as object, values)}},`;
    } else {
      key += `${name},`;
      values.push(condition);
    }
  }
  return key;
}

/** PostgreSQL stores no NUL and refuses to look for one. */
export function isUnstorable(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\0');
}
