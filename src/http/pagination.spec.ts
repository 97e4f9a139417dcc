import { ValidationFailed } from './http.errors.js';
import { cursorOf, idOf } from './pagination.js';

test('a cursor leads back to the id that it was made of', () => {
  expect([1, 42, Number.MAX_SAFE_INTEGER].map((id) => idOf(cursorOf(id)))).toEqual([1, 42, Number.MAX_SAFE_INTEGER]);
});

test('the empty cursor begins a list', () => {
  expect(idOf('')).toBeUndefined();
});

test.each(['x', 'MA', 'LTE', 'MQ=', cursorOf(1.5), cursorOf(-1)])('%s is no cursor', (cursor) => {
  expect(() => idOf(cursor)).toThrow(ValidationFailed);
});
