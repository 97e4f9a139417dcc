import { instantOf, isDay } from '../validation/calendar.js';
import type { QueryValue } from './query-value.js';

export const day: QueryValue = {
  expects: 'a day, such as 2026-11-29',
  schema: { type: 'string', format: 'date' },
  isOrdered: true,
  parse: (value) => (isDay(value) ? value : undefined),
};

/** To the microsecond, in UTC. */
export const instant: QueryValue = {
  expects: 'an instant, such as 2026-11-29T12:00:00Z',
  schema: { type: 'string', format: 'date-time' },
  isOrdered: true,
  // A plus sign that was not encoded arrives as a blank.
  parse: (value) => {
    const at = instantOf(value.replace(' ', '+'));
    const [fraction = ''] = /\.\d{1,6}/.exec(value) ?? [];
    return at && `${at.toISOString().split('.')[0]}${fraction.replace(/\.?0*$/, '')}Z`;
  },
};
