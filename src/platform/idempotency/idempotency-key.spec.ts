import { fingerprintOf, keyIn } from './idempotency-key.js';

test.each([
  ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
  ['order:17/try,1', 'order:17/try,1'],
  ['k'.repeat(255), 'k'.repeat(255)],
  [`"${'k'.repeat(255)}"`, 'k'.repeat(255)],
])('%s is a key', (header, key) => {
  expect(keyIn(header)).toBe(key);
});

test.each([
  ['nothing', ''],
  ['nothing in quotes', '""'],
  ['too long', 'k'.repeat(256)],
  ['a space', 'a b'],
  ['a space in quotes', '"a b"'],
  ['sent twice', 'a, b'],
  ['sent twice in quotes', '"a", "b"'],
  ['a quote that is open', '"a'],
  ['a quote that ends too early', '"a"b'],
  ['an escape of something else', String.raw`"a\b"`],
  ['a control character', 'a\tb'],
  ['a character beyond ASCII', 'é'],
])('no key is: %s', (_, header) => {
  expect(() => keyIn(header)).toThrow('1 to 255 visible ASCII characters');
});

const sent = { method: 'POST', url: '/notes?x=1', body: { title: 'a', tags: [{ b: 1, a: 2 }] } };

test.each([
  ['the order of fields', { body: { tags: [{ a: 2, b: 1 }], title: 'a' } }, true],
  ['the order of a list', { body: { title: 'a', tags: [{ b: 1, a: 2 }].concat([]) } }, true],
  ['another value', { body: { title: 'b', tags: [{ b: 1, a: 2 }] } }, false],
  ['another field', { body: { title: 'a' } }, false],
  ['no body', { body: undefined }, false],
  ['another method', { method: 'PUT' }, false],
  ['another path', { url: '/notes/1?x=1' }, false],
  ['another query', { url: '/notes?x=2' }, false],
])('with %s, it is the same request: %#', (_, change, isSame) => {
  expect(fingerprintOf({ ...sent, ...change }) === fingerprintOf(sent)).toBe(isSame);
});
