import { instantText } from '../value-types.js';
import { compileRow } from './nested-rows.js';

test.each([
  [['id', 'title'], [1, 'A'], { id: 1, title: 'A' }],
  [['id', 'creator.id', 'creator.name'], [1, 2, 'Ada'], { id: 1, creator: { id: 2, name: 'Ada' } }],
  [['id', 'a.', 'a.id', 'a.name'], [1, 2, 2, null], { id: 1, a: { id: 2, name: null } }],
  [['id', 'a.', 'a.id'], [1, null, null], { id: 1, a: null }],
  [['a.b.id', 'a.id', 'found'], [3, 2, 9], { a: { b: { id: 3 }, id: 2 }, found: 9 }],
  [['it\'s "quoted"\\', 'new\nline'], [1, 2], { 'it\'s "quoted"\\': 1, 'new\nline': 2 }],
])('a row of %j has its values in their places', (names, values, row) => {
  expect(compileRow(names)(values)).toEqual(row);
});

test.each([
  ['2026-11-29 02:13:30+00', '2026-11-29T02:13:30.000Z'],
  ['2026-11-29 02:13:30.1+00', '2026-11-29T02:13:30.100Z'],
  ['2026-11-29 02:13:30.123+00', '2026-11-29T02:13:30.123Z'],
  ['2026-11-29 02:13:30.999999+00', '2026-11-29T02:13:30.999Z'],
  ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
  ['10000-01-01 00:00:00+00', '+010000-01-01T00:00:00.000Z'],
  ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
  ['infinity', 'Infinity'],
])('the instant %s is sent as %s', (text, sent) => {
  expect(instantText(text)).toBe(sent);
});
