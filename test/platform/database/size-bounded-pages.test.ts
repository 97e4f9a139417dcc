/** Walks over the rows of one owner, of whatever length. */
import { bytePages } from '../../../src/platform/database/crud/byte-bounded-pages.js';
import type { Sql } from '../../../src/platform/database/sql.js';
import { createEntities, type Entities } from '../../support/entities.js';

const KIB = 1024;
const PAGE_KIB = 256;

interface Row {
  id: number;
  text: string | null;
}

let entities: Entities;
let sql: Sql;
beforeAll(async () => {
  entities = await createEntities();
  sql = entities.doors.sql;
  await sql.query(
    'CREATE TABLE long_row (id int PRIMARY KEY, owner int, is_left_out boolean DEFAULT false, text text)',
  );
});
afterEach(() => sql.query('TRUNCATE long_row'));
afterAll(() => entities.close());

async function insert(kib: (number | null)[], owner: number): Promise<void> {
  await sql.query(
    `INSERT INTO long_row (id, owner, text)
     SELECT coalesce((SELECT max(id) FROM long_row), 0) + n, $2, repeat('x', $3 * kib)
       FROM unnest($1::int[]) WITH ORDINALITY AS given (kib, n)`,
    [kib, owner, KIB],
  );
}

async function pagesOf(owner: number, condition?: string): Promise<Row[][]> {
  const rows = { table: 'long_row', columns: ['id' as const, 'text' as const], owner: 'owner', condition };
  const pages: Row[][] = [];
  for await (const page of bytePages<Row>(sql, rows, owner)) pages.push(page);
  return pages;
}

const many = (count: number, kib: number | null) => Array<number | null>(count).fill(kib);

test.each<[string, (number | null)[], number[]]>([
  ['none', [], []],
  ['short', many(250, 0), [100, 100, 50]],
  ['empty', many(3, null), [3]],
  ['as long as a page', [PAGE_KIB, PAGE_KIB, PAGE_KIB], [1, 1, 1]],
  ['longer than a page', [1000, 0, 1000], [1, 2]],
  ['long, then short', [...many(3, 200), ...many(10, 0)], [2, 4, 7]],
])('rows that are %s all come, once and in order, in pages of so many', async (_, kib, expected) => {
  await insert(kib, 1);
  await insert([1], 2);
  const pages = await pagesOf(1);
  expect(pages.map((page) => page.length)).toEqual(expected);
  expect(pages.flat().map(({ id, text }) => [id, text && text.length / KIB])).toEqual(
    kib.map((one, index) => [index + 1, one === 0 ? '' : one]),
  );
});

test('no page has more than fits and one row', async () => {
  await insert(
    Array.from({ length: 200 }, (_unused, index) => (index * 37) % 150),
    1,
  );
  const pages = await pagesOf(1);
  expect(pages.flat()).toHaveLength(200);
  for (const page of pages) {
    const before = page.slice(0, -1).reduce((sum, { text }) => sum + text!.length, 0);
    expect(before).toBeLessThan(PAGE_KIB * KIB);
  }
});

test('a condition leaves rows out', async () => {
  await insert(many(5, 1), 1);
  await sql.query('UPDATE long_row SET is_left_out = true WHERE id IN (2, 5)');
  const pages = await pagesOf(1, 'NOT is_left_out');
  expect(pages.flat().map(({ id }) => id)).toEqual([1, 3, 4]);
});
