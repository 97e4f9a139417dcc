import type { Projection } from './projection.js';

/** Has a row that a write answers the instants that a read of the same DTO has: texts. */
export function asRead<T>({ isResponse }: Projection, row: T): T {
  if (isResponse) for (const name in row) row[name] = instantTextOf(row[name]) as T[typeof name];
  return row;
}

function instantTextOf(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
