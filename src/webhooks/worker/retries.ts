/** When a delivery is tried again: ten attempts over three days. */
const MINUTE = 60;
const HOUR = 3_600;
const WAITS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
// So that what failed together is not tried together.
const JITTER = 0.1;
const LONGEST = 24 * HOUR;

/**
 * Seconds until the next attempt; undefined after the last one.
 * @param attempts how many there have been
 * @param retryAfter what the endpoint asks for, in seconds
 */
export function secondsUntilNext(attempts: number, retryAfter = 0, random = Math.random()): number | undefined {
  const wait = WAITS[attempts - 1];
  if (wait === undefined) return undefined;
  return Math.max(wait * (1 - JITTER + 2 * JITTER * random), Math.min(retryAfter, LONGEST));
}

/** The seconds of a `Retry-After` (RFC 9110, 10.2.3); 0 for what is none. */
export function retryAfterOf(header: string | undefined, now = Date.now()): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header)) return Number(header);
  return Math.max(0, (Date.parse(header) - now) / 1_000) || 0;
}
