import { createHash } from 'node:crypto';
import type { Order, Position } from '../../database/crud/list-order.js';
import { ValidationFailed } from '../problems/http.errors.js';

const ID_BYTES = 8;
const TAG_BYTES = 4;
export const NO_CURSOR = 'after must be empty or the next of a page of this list';

/** One list in one order, with all its conditions. */
export interface CursorScope {
  /** Tells lists apart. */
  list: string;
  order: Order;
  /** Whether a text can be what a row has in the order's column. */
  accepts: (value: string) => boolean;
}

/**
 * A cursor stands for the place of the last row of a page, and is bound to its list, conditions and order. It is opaque
 * but not secret: a made-up cursor only gives what the list shows anyway.
 */
export function cursorOf(scope: CursorScope, { id, value }: Position): string {
  const bytes = Buffer.alloc(TAG_BYTES + ID_BYTES);
  tagOf(scope).copy(bytes);
  bytes.writeBigUInt64BE(BigInt(id), TAG_BYTES);
  // A mark before the value tells an empty one from none.
  return Buffer.concat([bytes, Buffer.from(value === null ? '' : `=${value}`)]).toString('base64url');
}

/** The place that a cursor stands for; undefined for the empty cursor, which begins a list. Throws `ValidationFailed`. */
export function positionOf(scope: CursorScope, cursor: string): Position | undefined {
  if (cursor === '') return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.length < TAG_BYTES + ID_BYTES ? undefined : read(bytes);
  // Encoding the place again shows whether the cursor is well-formed and belongs to this list.
  if (position && isPlace(scope, position) && cursorOf(scope, position) === cursor) return position;
  throw new ValidationFailed([{ field: 'after', message: NO_CURSOR }]);
}

function read(bytes: Buffer): Position {
  const marked = bytes.subarray(TAG_BYTES + ID_BYTES).toString();
  return { id: Number(bytes.readBigUInt64BE(TAG_BYTES)), value: marked === '' ? null : marked.slice(1) };
}

function isPlace({ order, accepts }: CursorScope, { id, value }: Position): boolean {
  if (!Number.isSafeInteger(id)) return false;
  return value === null || (order.column !== 'id' && accepts(value));
}

function tagOf({ list, order: { column, isDescending } }: CursorScope): Buffer {
  const scope = `${list} ${column} ${isDescending}`;
  return createHash('sha256').update(scope).digest().subarray(0, TAG_BYTES);
}
