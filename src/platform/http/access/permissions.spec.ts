import { definePermissions, isPermission, permissions } from './permissions.js';

test('permissions are known by their names, in order', () => {
  definePermissions({ 'things.see_any': { allows: 'see things' }, 'things.edit_any': { allows: 'change things' } });
  expect(permissions()).toEqual([
    { name: 'things.edit_any', allows: 'change things' },
    { name: 'things.see_any', allows: 'see things' },
  ]);
  expect(['things.see_any', 'things', 'constructor'].map(isPermission)).toEqual([true, false, false]);
});

test('no two permissions have one name', () => {
  definePermissions({ 'things.burn': { allows: 'burn things' } });
  expect(() => definePermissions({ 'things.burn': { allows: 'burn other things' } })).toThrow(
    'two permissions are named things.burn',
  );
});
