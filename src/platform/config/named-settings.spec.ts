import { EachNamed, type Named, namedValues, variablesFor } from './named-settings.js';

class Colours {
  @EachNamed() PAINT_NAME_COLOUR?: Named;
  PAINT_SIZE = 1;
}

const owner = new Colours();
afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('PAINT_')) delete process.env[name];
});

const CASES: [environment: Record<string, string>, values: Named | undefined][] = [
  [{}, undefined],
  [{ PAINT_WALL_COLOUR: 'white' }, { WALL: 'white' }],
  [
    { PAINT_WALL_COLOUR: 'white', PAINT_DOOR_COLOUR: 'red' },
    { WALL: 'white', DOOR: 'red' },
  ],
  // Whoever owns the setting says which names it takes.
  [
    { PAINT_BACK_DOOR_COLOUR: 'red', PAINT_door_COLOUR: 'blue' },
    { BACK_DOOR: 'red', door: 'blue' },
  ],
  [{ PAINT_WALL_COLOUR: '' }, undefined],
  [{ PAINT_COLOUR: 'red', PAINT__COLOUR: 'red', PAINT_WALL_COLOURS: 'red', A_PAINT_WALL_COLOUR: 'red' }, undefined],
  [{ PAINT_SIZE: '2' }, undefined],
];

test.each(CASES)('%j', (environment, values) => {
  Object.assign(process.env, environment);
  expect(namedValues(owner, 'PAINT_NAME_COLOUR')).toEqual(values);
});

test('the variables of a setting are those of all names, or its own', () => {
  Object.assign(process.env, { PAINT_WALL_COLOUR: 'white', PAINT_DOOR_COLOUR: '', PAINT_SIZE: '2' });
  expect(variablesFor(owner, 'PAINT_NAME_COLOUR').toSorted()).toEqual(['PAINT_DOOR_COLOUR', 'PAINT_WALL_COLOUR']);
  expect(variablesFor(owner, 'PAINT_SIZE')).toEqual(['PAINT_SIZE']);
  expect(namedValues(owner, 'PAINT_SIZE')).toBeUndefined();
});
