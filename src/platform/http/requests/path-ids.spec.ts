import { parseId } from './path-ids.js';

test.each([
  ['1', 1],
  ['2147483648', 2 ** 31],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('%s names a row', (segment, id) => {
  expect(parseId(segment)).toBe(id);
});

test.each([
  '0',
  '-1',
  '01',
  '1.0',
  '1e3',
  '0x10',
  ' 1',
  '',
  'abc',
  '9007199254740992',
  '9223372036854775808',
  undefined,
])('%s names nothing', (segment) => {
  expect(parseId(segment)).toBeUndefined();
});
