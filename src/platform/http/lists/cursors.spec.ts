import { NEWEST_FIRST, type Position } from '../../database/crud/list-order.js';
import { ValidationFailed } from '../problems/http.errors.js';
import { type CursorScope, cursorOf, positionOf } from './cursors.js';

const NOTES: CursorScope = { list: 'notes', order: NEWEST_FIRST, accepts: () => false };
const BY_PRICE: CursorScope = {
  list: 'notes',
  order: { column: 'price', isDescending: false },
  accepts: (value) => /^\d+$/.test(value),
};
const seventh = cursorOf(NOTES, { id: 7, value: null });

const isCursor = (cursor: string, scope = NOTES) => {
  try {
    return positionOf(scope, cursor) !== undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ValidationFailed);
    expect((error as ValidationFailed).errors).toEqual([
      { field: 'after', message: 'after must be empty or the next of a page of this list' },
    ]);
    return false;
  }
};

/** A cursor of notes with any eight bytes in place of an id. */
function withId(id: bigint): string {
  const bytes = Buffer.from(seventh, 'base64url');
  bytes.writeBigUInt64BE(id, bytes.length - 8);
  return bytes.toString('base64url');
}

test.each<[CursorScope, Position]>([
  [NOTES, { id: 1, value: null }],
  [NOTES, { id: Number.MAX_SAFE_INTEGER, value: null }],
  [BY_PRICE, { id: 42, value: '100' }],
  [BY_PRICE, { id: 42, value: null }],
  [
    { ...BY_PRICE, accepts: () => true },
    { id: 42, value: '' },
  ],
  [
    { ...BY_PRICE, accepts: () => true },
    { id: 42, value: 'Größe 😀' },
  ],
])('a cursor leads back to the place that it was made of', (scope, position) => {
  expect(positionOf(scope, cursorOf(scope, position))).toEqual(position);
});

test('the empty cursor begins a list', () => {
  expect(positionOf(NOTES, '')).toBeUndefined();
});

test.each(['x', 'Mg', 'MQ=', 'AAAAAAAAAAEAAAAAAAAAAA', 'a'.repeat(16), 'a'.repeat(99)])('%s is no cursor', (cursor) => {
  expect(isCursor(cursor)).toBe(false);
});

test('a cursor with any other bit in what names its list is none', () => {
  for (let bit = 0; bit < 32; bit++) {
    const bytes = Buffer.from(seventh, 'base64url');
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    expect({ bit, isCursor: isCursor(bytes.toString('base64url')) }).toEqual({ bit, isCursor: false });
  }
});

test('a cursor that is cut, longer or written otherwise is none', () => {
  const cursor = seventh;
  expect(isCursor(cursor)).toBe(true);
  for (let length = 1; length < cursor.length; length++) expect(isCursor(cursor.slice(0, length))).toBe(false);
  for (const other of [`${cursor}==`, `${cursor}A`, `${cursor}AAAA`, `${cursor.slice(0, 8)}\n${cursor.slice(8)}`]) {
    expect(isCursor(other)).toBe(false);
  }
});

test.each([2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])('%d is no id', (id) => {
  expect([isCursor(withId(8n)), isCursor(withId(id))]).toEqual([true, false]);
});

test.each<[string, CursorScope]>([
  ['list', { ...BY_PRICE, list: 'notes of ada' }],
  ['order', { ...BY_PRICE, order: { column: 'price', isDescending: true } }],
  ['column', { ...BY_PRICE, order: { column: 'prize', isDescending: false } }],
])('a cursor is good for its own %s only', (_, other) => {
  const cursor = cursorOf(BY_PRICE, { id: 7, value: '100' });
  expect([isCursor(cursor, BY_PRICE), isCursor(cursor, other)]).toEqual([true, false]);
});

test.each(['', '-1', '1e3', '1\0'])('%j is no value of the column', (value) => {
  expect(isCursor(cursorOf(BY_PRICE, { id: 7, value }), BY_PRICE)).toBe(false);
});
