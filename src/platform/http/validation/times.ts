/** Fields that are days and instants: one decorator documents, validates and, where needed, converts. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { instantOf, isDay } from './calendar.js';
import { MustBe } from './rules.js';

/** A day of the calendar as `YYYY-MM-DD` (RFC 3339, `full-date`), for a column of type `date`: it has no time zone. */
export function Day(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date', example: '2027-01-31', ...options }),
    MustBe('a day such as 2027-01-31', isDay),
  );
}

/**
 * An instant as RFC 3339 has it, with `Z` or an offset, for a column of type `timestamptz`. It is kept to the
 * millisecond, and answered in UTC.
 */
export function Instant(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date-time', example: '2027-01-31T09:30:00.000Z', ...options }),
    Transform(({ value }) => instantOf(value) ?? value),
    MustBe('an instant such as 2027-01-31T09:30:00Z', (value) => value instanceof Date),
  );
}
