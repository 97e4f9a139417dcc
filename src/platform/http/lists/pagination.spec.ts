import { ValidationFailed } from '../problems/http.errors.js';
import { cursorOf, idOf } from './pagination.js';

const isCursor = (cursor: string, list = 'notes') => {
  try {
    return typeof idOf(list, cursor) === 'number';
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
  const bytes = Buffer.from(cursorOf('notes', 7), 'base64url');
  bytes.writeBigUInt64BE(id, bytes.length - 8);
  return bytes.toString('base64url');
}

test('a cursor leads back to the id that it was made of', () => {
  const ids = [1, 42, Number.MAX_SAFE_INTEGER];
  expect(ids.map((id) => idOf('notes', cursorOf('notes', id)))).toEqual(ids);
});

test('the empty cursor begins a list', () => {
  expect(idOf('notes', '')).toBeUndefined();
});

test.each(['x', 'Mg', 'MQ=', 'AAAAAAAAAAEAAAAAAAAAAA', 'a'.repeat(16), 'a'.repeat(99)])('%s is no cursor', (cursor) => {
  expect(isCursor(cursor)).toBe(false);
});

test('a cursor with any other bit in what names its list is none', () => {
  for (let bit = 0; bit < 32; bit++) {
    const bytes = Buffer.from(cursorOf('notes', 7), 'base64url');
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    expect({ bit, isCursor: isCursor(bytes.toString('base64url')) }).toEqual({ bit, isCursor: false });
  }
});

test('a cursor that is cut, longer or written otherwise is none', () => {
  const cursor = cursorOf('notes', 7);
  expect(isCursor(cursor)).toBe(true);
  for (let length = 1; length < cursor.length; length++) expect(isCursor(cursor.slice(0, length))).toBe(false);
  for (const other of [`${cursor}==`, `${cursor}A`, `${cursor}AAAA`, `${cursor.slice(0, 8)}\n${cursor.slice(8)}`]) {
    expect(isCursor(other)).toBe(false);
  }
});

test.each([2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])('%d is no id', (id) => {
  expect([isCursor(withId(8n)), isCursor(withId(id))]).toEqual([true, false]);
});

test('a cursor is good for its own list only', () => {
  expect(isCursor(cursorOf('notes', 7), 'notes of ada')).toBe(false);
  expect(isCursor(cursorOf('notes of ada', 7), 'notes of charles')).toBe(false);
});
