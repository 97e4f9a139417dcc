import { ValidationFailed } from './http.errors.js';
import { cursorOf, idOf } from './pagination.js';

process.env.SECRET_KEY = 'test-0123456789abcdefghijklmnopqrstuvwxyz';

test('a cursor leads back to the id that it was made of', () => {
  expect([1, 42, Number.MAX_SAFE_INTEGER].map((id) => idOf(cursorOf(id)))).toEqual([1, 42, Number.MAX_SAFE_INTEGER]);
});

test('the empty cursor begins a list', () => {
  expect(idOf('')).toBeUndefined();
});

test.each(['x', 'MQ', 'MQ=', 'AAAAAAAAAAEAAAAAAAAAAA', 'a'.repeat(22), 'a'.repeat(1000)])(
  '%s is no cursor',
  (cursor) => {
    expect(() => idOf(cursor)).toThrow(ValidationFailed);
  },
);

test('a cursor with another id, or written otherwise, is none', () => {
  const bytes = Buffer.from(cursorOf(7), 'base64url');
  bytes[7] = 8;
  for (const forged of [bytes.toString('base64url'), `${cursorOf(7)}==`, `${cursorOf(7)}A`]) {
    expect(() => idOf(forged)).toThrow(ValidationFailed);
  }
});
