/** Days and instants as RFC 3339 writes them, which PostgreSQL and JavaScript both know. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
// RFC 3339, 5.6. A leap second is none of the calendar that PostgreSQL and JavaScript know.
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DAY_CHARACTERS = 10;

/** Whether it is a day that exists, written as `YYYY-MM-DD`, from the year 1 on. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !DAY.test(value) || value.startsWith('0000')) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** The instant that an RFC 3339 text stands for; undefined for anything else. */
export function instantOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !INSTANT.test(value) || !isDay(value.slice(0, DAY_CHARACTERS))) return undefined;
  const date = new Date(value.toUpperCase());
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999 ? date : undefined;
}
