import type { ReadOptions } from './crud.options.js';
import type { Filter } from './filter.js';

export interface WriteOptions<E> extends ReadOptions {
  /** What else has to hold of the row. The statement itself looks, so nothing can come in between. */
  onlyIf?: Filter<E>;
  /** What the methods that end in `OrThrow` throw when there is the row, but `onlyIf` does not hold of it: a 409 or 412. */
  otherwise?: new () => Error;
}

/** By how much columns grow; decimals as texts. */
export type Increments<E> = {
  [K in keyof E]?: NonNullable<E[K]> extends number ? number : NonNullable<E[K]> extends string ? string : never;
};
