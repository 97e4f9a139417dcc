import { hashOf, keyOf, newSecret, parseKey, prefixOf } from './key-text.js';

const SECRET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg';
const KEY = keyOf('my', 12, SECRET);

test('a key is a prefix, an id, a secret and a checksum, and always the same', () => {
  expect(KEY).toBe(`my_12_${SECRET}${KEY.slice(-6)}`);
  expect(parseKey(KEY)).toEqual({ id: 12, secret: SECRET });
  expect(hashOf(SECRET)).toMatch(/^[\w-]{43}$/);
});

test('no two secrets are alike, and each has 43 letters and digits', () => {
  const secrets = Array.from({ length: 1_000 }, newSecret);
  expect(new Set(secrets).size).toBe(1_000);
  for (const secret of secrets) expect(secret).toMatch(/^[0-9A-Za-z]{43}$/);
});

test('a typo anywhere makes it no key', () => {
  for (let at = 0; at < KEY.length; at++) {
    const other = KEY[at] === '7' ? '8' : '7';
    expect(parseKey(KEY.slice(0, at) + other + KEY.slice(at + 1))).toBeUndefined();
    expect(parseKey(KEY.slice(0, at) + KEY.slice(at + 1))).toBeUndefined();
  }
});

test.each([
  [''],
  ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.AAAA'],
  [keyOf('my', 0, SECRET)],
  [keyOf('my', Number.MAX_SAFE_INTEGER + 1, SECRET)],
  [keyOf('My', 12, SECRET)],
  [keyOf('', 12, SECRET)],
  [keyOf('my', 12, SECRET.slice(1))],
  [` ${KEY}`],
  [`${KEY}\n`],
])('%j is no key', (text) => {
  expect(parseKey(text)).toBeUndefined();
});

test.each([
  ['My API', 'ma'],
  ['orders', 'orders'],
  ['Bücher und mehr', 'bum'],
  ['A very long name of an application that goes on and on', 'avlnoaatgo'],
  ['internationalisation', 'internatio'],
  ['図書館', 'key'],
])('of %s, keys begin with %s', (name, prefix) => {
  expect(prefixOf(name)).toBe(prefix);
  expect(parseKey(keyOf(prefix, 1, SECRET))).toBeDefined();
});
