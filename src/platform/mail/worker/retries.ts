/** When a mail is tried again: ten attempts within a day. */
const MINUTE = 60;
const HOUR = 3_600;
const WAITS = [5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
export const MOST_ATTEMPTS = WAITS.length + 1;
// So that what failed together is not tried together.
const JITTER = 0.1;

/**
 * Seconds until the next attempt; undefined after the last one.
 * @param attempts how many there have been
 */
export function secondsUntilNext(attempts: number, random = Math.random()): number | undefined {
  const wait = WAITS[attempts - 1];
  return wait === undefined ? undefined : wait * (1 - JITTER + 2 * JITTER * random);
}
