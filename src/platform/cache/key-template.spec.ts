import { compileKey, placeholdersOf } from './key-template.js';

test.each([
  ['posts', []],
  ['post:{post_id}', ['post_id']],
  ['{username}:{post_id}', ['username', 'post_id']],
])('the placeholders of %s are %j', (key, names) => {
  expect(placeholdersOf(key)).toEqual(names);
});

test.each([
  ['posts', {}, 'posts'],
  ['post:{post_id}', { post_id: '7' }, 'post:7'],
  ['{username}:{post_id}!', { username: 'ada', post_id: '7' }, 'ada:7!'],
])('%s is filled with %j', (key, params, filled) => {
  expect(compileKey(key)(params)).toBe(filled);
});

test('a value can’t pass for another key, nor for two', () => {
  const fill = compileKey('user:{username}');
  expect(fill({ username: 'ada\nposts' })).not.toContain('\n');
  const pair = compileKey('{a}:{b}');
  expect(pair({ a: 'x:y', b: 'z' })).not.toBe(pair({ a: 'x', b: 'y:z' }));
});
