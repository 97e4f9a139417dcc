/** Fields that are numbers: one decorator documents, validates and, where needed, converts. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { MustBe } from './rules.js';

// What PostgreSQL's `integer` holds.
const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/** A whole number of a JSON body; of the range of a column of type `int` unless another is given. */
export function Integer(min = INT_MIN, max = INT_MAX, options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, maximum: max, ...options }),
    MustBe(`a whole number from ${min} to ${max}`, (value) => isInteger(value, min, max)),
  );
}

/** A whole number in a query string, written in plain digits. */
export function IntegerInQuery(min: number, max: number, options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, maximum: max, ...options }),
    Transform(({ value }) => (typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value)),
    MustBe(`a whole number from ${min} to ${max}`, (value) => isInteger(value, min, max)),
  );
}

/**
 * An exact number with decimal places, for a column of type `numeric(precision, scale)`. JSON carries it as a text, as
 * its numbers are binary and not exact.
 * @param precision digits in all
 * @param scale of those, how many at most come after the point
 * @param sign whether it can be below zero
 */
export function Decimal(
  precision: number,
  scale: number,
  { isSigned = false, ...options }: ApiPropertyOptions & { isSigned?: boolean } = {},
): PropertyDecorator {
  const pattern = decimalPattern(precision, scale, isSigned);
  const what = `a text of at most ${precision - scale} digits, then optionally a point and up to ${scale} digits`;
  return applyDecorators(
    ApiProperty({ type: String, format: 'decimal', pattern: pattern.source, ...options }),
    MustBe(what, (value) => typeof value === 'string' && pattern.test(value)),
  );
}

function decimalPattern(precision: number, scale: number, isSigned: boolean): RegExp {
  const whole = precision > scale ? `\\d{1,${precision - scale}}` : '0';
  return new RegExp(`^${isSigned ? '-?' : ''}${whole}${scale > 0 ? `(\\.\\d{1,${scale}})?` : ''}$`);
}

function isInteger(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}
