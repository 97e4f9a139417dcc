import { SecretConfig } from '../config/secret.config.js';
import { settingsOf } from '../config/settings.js';
import { ValidationFailed } from './http.errors.js';
import { cursorOf, idOf } from './pagination.js';

const KEY = 'test-0123456789abcdefghijklmnopqrstuvwxyz';
const NEXT_KEY = 'next-0123456789abcdefghijklmnopqrstuvwxyz';
process.env.SECRET_KEY = KEY;
const settings = settingsOf(SecretConfig);
afterEach(() => {
  Object.assign(settings, { SECRET_KEY: KEY, SECRET_KEY_PREVIOUS: undefined });
});

const isCursor = (cursor: string, list = 'posts') => {
  try {
    return typeof idOf(list, cursor) === 'number';
  } catch (error) {
    expect(error).toBeInstanceOf(ValidationFailed);
    expect((error as ValidationFailed).errors).toEqual([
      { field: 'after', message: 'after must be a cursor that a page of this list gave as next' },
    ]);
    return false;
  }
};

test('a cursor leads back to the id that it was made of', () => {
  const ids = [1, 42, Number.MAX_SAFE_INTEGER];
  expect(ids.map((id) => idOf('posts', cursorOf('posts', id)))).toEqual(ids);
});

test('the empty cursor begins a list', () => {
  expect(idOf('posts', '')).toBeUndefined();
});

test.each(['x', 'Mg', 'MQ=', 'AAAAAAAAAAEAAAAAAAAAAA', 'a'.repeat(22), 'a'.repeat(99)])('%s is no cursor', (cursor) => {
  expect(isCursor(cursor)).toBe(false);
});

test('a cursor with any other bit is none', () => {
  for (let bit = 0; bit < 128; bit++) {
    const bytes = Buffer.from(cursorOf('posts', 7), 'base64url');
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    expect({ bit, isCursor: isCursor(bytes.toString('base64url')) }).toEqual({ bit, isCursor: false });
  }
});

test('a cursor that is cut, longer or written otherwise is none', () => {
  const cursor = cursorOf('posts', 7);
  expect(isCursor(cursor)).toBe(true);
  for (let length = 1; length < cursor.length; length++) expect(isCursor(cursor.slice(0, length))).toBe(false);
  // The last letter has bits to spare.
  const last = String.fromCharCode(cursor.charCodeAt(21) + 1);
  for (const other of [`${cursor}==`, `${cursor}A`, cursor.slice(0, 21) + last]) expect(isCursor(other)).toBe(false);
});

test('a cursor is good for its own list only', () => {
  expect(isCursor(cursorOf('posts', 7), 'posts of ada')).toBe(false);
  expect(isCursor(cursorOf('posts of ada', 7), 'posts of charles')).toBe(false);
});

test('cursors of the key before are good, those of any other key are not', () => {
  const cursor = cursorOf('posts', 7);
  Object.assign(settings, { SECRET_KEY: NEXT_KEY });
  expect(isCursor(cursor)).toBe(false);
  Object.assign(settings, { SECRET_KEY_PREVIOUS: KEY });
  expect(isCursor(cursor)).toBe(true);
  expect(cursorOf('posts', 7)).not.toBe(cursor);
});
