/** One decorator a field: it documents, validates and, where needed, converts. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsUrl, Matches, ValidateBy, ValidateIf } from 'class-validator';

/** A text of so many characters (code points, as PostgreSQL counts them). */
export function Text(min: number, max: number, options: ApiPropertyOptions = {}): PropertyDecorator {
  const holds = (value: unknown) => typeof value === 'string' && hasLength(value, min, max);
  return applyDecorators(
    ApiProperty({ minLength: min, maxLength: max, ...options }),
    ValidateBy({
      name: 'text',
      validator: {
        validate: holds,
        defaultMessage: (field) => `${field?.property} must be a text of ${min} to ${max} characters`,
      },
    }),
  );
}

/** An absolute http or https address of at most 2,048 characters. */
export function WebAddress(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    Text(1, 2048, { format: 'uri', ...options }),
    IsUrl(
      { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_underscores: true },
      { message: ({ property }) => `${property} must be an http or https address` },
    ),
  );
}

/** A field that may be left out. Null is a value like any other, and refused unless the field takes it. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A field that may be left out or null. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}

/** A whole number in a query string, written in plain digits. */
export function IntegerInQuery(min: number, max: number, options: ApiPropertyOptions = {}): PropertyDecorator {
  const holds = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, ...(max < Number.MAX_SAFE_INTEGER && { maximum: max }), ...options }),
    Transform(({ value }) => (typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value)),
    ValidateBy({
      name: 'integerInQuery',
      validator: {
        validate: holds,
        defaultMessage: (field) => `${field?.property} must be a whole number from ${min} to ${max}`,
      },
    }),
  );
}

/** Lower-case letters and digits. */
export function LowerAlphanumeric(): PropertyDecorator {
  return Matches(/^[a-z0-9]+$/, { message: ({ property }) => `${property} must be of the letters a-z and digits` });
}

function hasLength(text: string, min: number, max: number): boolean {
  // A code point is one or two UTF-16 units, so most texts are decided without counting.
  if (text.length < min || text.length > 2 * max) return false;
  const length = [...text].length;
  return length >= min && length <= max;
}
