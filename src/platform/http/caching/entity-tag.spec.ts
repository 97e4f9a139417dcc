import { entityTag, matches } from './entity-tag.js';

const tag = entityTag('{"id":1}');

test('a tag is strong and depends on the bytes', () => {
  expect(tag).toMatch(/^"[\w-]{27}"$/);
  expect(entityTag('{"id":1}')).toBe(tag);
  expect(entityTag('{"id":2}')).not.toBe(tag);
});

test.each([
  [tag, true, true],
  [`"other", ${tag}`, true, true],
  ['*', true, true],
  [`W/${tag}`, true, false],
  ['"other"', false, false],
  [tag.slice(1, -1), false, false],
])('%s matches weakly: %s, strongly: %s', (header, weakly, strongly) => {
  expect(matches(header, tag, { isWeak: true })).toBe(weakly);
  expect(matches(header, tag, { isWeak: false })).toBe(strongly);
});

test('what has no tag matches nothing but any', () => {
  expect(matches(tag, undefined, { isWeak: true })).toBe(false);
  expect(matches('*', undefined, { isWeak: true })).toBe(true);
});
