import { setTimeout as sleep } from 'node:timers/promises';
import { Totals } from './totals.js';

const SECOND = 1_000;

/** A table whose rows are counted, and how often they were. */
class Table {
  readonly totals = new Totals();
  readonly made = { few: 0, all: 0 };
  isDown = false;
  now = Date.now();

  constructor(public rows: number) {
    jest.spyOn(Date, 'now').mockImplementation(() => this.now);
  }

  async total(id = 'all'): Promise<number> {
    const total = await this.totals.get(id, {
      few: async () => this.count('few', 1_001),
      all: async () => this.count('all', Infinity),
    });
    // What goes on in the background.
    await sleep(0);
    return total;
  }

  private count(how: 'few' | 'all', most: number): number {
    this.made[how]++;
    if (this.isDown) throw new Error('The database is gone');
    return Math.min(this.rows, most);
  }
}

afterEach(() => jest.restoreAllMocks());

test.each([0, 1, 999, 1_000])('%d rows are counted each time, up to a thousand and one', async (rows) => {
  const table = new Table(rows);
  expect([await table.total(), await table.total()]).toEqual([rows, rows]);
  table.rows = 7;
  expect(await table.total()).toBe(7);
  expect(table.made).toEqual({ few: 3, all: 0 });
});

test('more are counted once, and then no more until they age', async () => {
  const table = new Table(1_001);
  expect(await table.total()).toBe(1_001);
  table.rows = 2_000;
  table.now += 29 * SECOND;
  expect([await table.total(), await table.total()]).toEqual([1_001, 1_001]);
  expect(table.made).toEqual({ few: 1, all: 1 });
});

test('an ageing total is counted in the background', async () => {
  const table = new Table(5_000);
  await table.total();
  table.rows = 6_000;
  table.now += 31 * SECOND;
  expect([await table.total(), await table.total()]).toEqual([5_000, 6_000]);
  expect(table.made).toEqual({ few: 1, all: 2 });
});

test('nobody gets a total of more than a minute ago', async () => {
  const table = new Table(5_000);
  await table.total();
  table.rows = 6_000;
  table.now += 3_600 * SECOND;
  expect(await table.total()).toBe(6_000);
});

test('where few are left, they are counted each time again', async () => {
  const table = new Table(5_000);
  await table.total();
  table.now += 61 * SECOND;
  for (const rows of [10, 9, 8]) {
    table.rows = rows;
    expect(await table.total()).toBe(rows);
  }
});

test('many who ask at once have it counted once', async () => {
  const table = new Table(5_000);
  const totals = await Promise.all(Array.from({ length: 50 }, () => table.total()));
  expect(new Set(totals)).toEqual(new Set([5_000]));
  expect(table.made.all).toBe(1);
});

test('each list has a total of its own', async () => {
  const table = new Table(5_000);
  await table.total('a');
  table.rows = 6_000;
  expect([await table.total('b'), await table.total('a')]).toEqual([6_000, 5_000]);
});

test('a count that fails in the background is tried again, and none is made up', async () => {
  const table = new Table(5_000);
  await table.total();
  table.isDown = true;
  table.now += 31 * SECOND;
  expect([await table.total(), await table.total()]).toEqual([5_000, 5_000]);
  expect(table.made.all).toBe(3);
  table.now += 30 * SECOND;
  await expect(table.total()).rejects.toThrow('The database is gone');
  table.isDown = false;
  expect(await table.total()).toBe(5_000);
});
