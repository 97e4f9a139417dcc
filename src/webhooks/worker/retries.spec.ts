import { retryAfterOf, secondsUntilNext } from './retries.js';

const HOUR = 3_600;

test('ten attempts take three days, a little more or less', () => {
  const total = (random: number) => {
    let all = 0;
    for (let attempt = 1; attempt < 10; attempt++) all += secondsUntilNext(attempt, 0, random)!;
    return all / HOUR;
  };
  expect([total(0), total(0.5), total(1)].map(Math.round)).toEqual([68, 76, 83]);
  expect(secondsUntilNext(10)).toBeUndefined();
});

test('an endpoint may ask for a later attempt, a day later at most, and never for an earlier one', () => {
  expect(secondsUntilNext(1, 60, 0.5)).toBe(60);
  expect(secondsUntilNext(1, 1e9, 0.5)).toBe(24 * HOUR);
  expect(secondsUntilNext(2, 1, 0.5)).toBe(300);
});

test.each([
  [undefined, 0],
  ['30', 30],
  ['Sun, 29 Nov 2026 12:01:00 GMT', 60],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
])('Retry-After %j is %d seconds', (header, seconds) => {
  expect(retryAfterOf(header, Date.parse('2026-11-29T12:00:00Z'))).toBe(seconds);
});
