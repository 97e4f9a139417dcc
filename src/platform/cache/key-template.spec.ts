import { compileKey, placeholdersOf } from './key-template.js';

test.each([
  ['notes', []],
  ['note:{note_id}', ['note_id']],
  ['{username}:{note_id}', ['username', 'note_id']],
])('the placeholders of %s are %j', (key, names) => {
  expect(placeholdersOf(key)).toEqual(names);
});

test.each([
  ['notes', {}, 'notes'],
  ['note:{note_id}', { note_id: '7' }, 'note:7'],
  ['{username}:{note_id}!', { username: 'ada', note_id: '7' }, 'ada:7!'],
])('%s is filled with %j', (key, params, filled) => {
  expect(compileKey(key)(params)).toBe(filled);
});

test('a value can’t pass for another key, nor for two', () => {
  const fill = compileKey('user:{username}');
  expect(fill({ username: 'ada\nnotes' })).not.toContain('\n');
  const pair = compileKey('{a}:{b}');
  expect(pair({ a: 'x:y', b: 'z' })).not.toBe(pair({ a: 'x', b: 'y:z' }));
});
