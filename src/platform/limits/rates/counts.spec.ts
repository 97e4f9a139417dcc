import { Counts } from './counts.js';

const MINUTE = 60_000;

let counts: Counts;
beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
  counts = new Counts();
});
afterEach(() => {
  counts.close();
  jest.useRealTimers();
});

const add = async (key: string, period = MINUTE) => (await counts.add(key, period)).own;

test('counts each key for itself, for a period that begins with the first request', async () => {
  expect(await add('a')).toBe(1);
  jest.advanceTimersByTime(MINUTE - 1);
  expect([await add('a'), await add('b')]).toEqual([2, 1]);
  jest.advanceTimersByTime(1);
  expect([await add('a'), await add('b')]).toEqual([1, 2]);
});

test('requests that come at once are each told of those before them only, and of when the period ends', async () => {
  const told = [1, 2, 3].map(() => counts.add('a', MINUTE));
  expect(told).toEqual([1, 2, 3].map((own) => ({ own, others: 0, resetAt: 1_000_000 + MINUTE })));
});

test('keeps 100,000 counts at most: the oldest gives way to a new one', async () => {
  for (let index = 0; index < 100_000; index++) void counts.add(`key ${index}`, MINUTE);
  expect(await add('key 0')).toBe(2);
  await add('one more');
  expect(await add('key 1')).toBe(2);
  // Its count began anew, and took the place of the next oldest.
  expect(await add('key 0')).toBe(1);
  expect(await add('key 1')).toBe(1);
  expect(await add('one more')).toBe(2);
});

test('a count that began anew is among the youngest', async () => {
  await add('old', MINUTE);
  for (let index = 0; index < 99_000; index++) void counts.add(`key ${index}`, 2 * MINUTE);
  jest.advanceTimersByTime(MINUTE);
  expect(await add('old')).toBe(1);
  for (let index = 0; index < 2_000; index++) void counts.add(`more ${index}`, MINUTE);
  expect(await add('old')).toBe(2);
});
