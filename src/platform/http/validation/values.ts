/** Fields with one value that is no text, number or time: one decorator documents, validates and converts. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { MustBe } from './rules.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** True or false, and nothing that only looks like it. */
export function Bool(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: Boolean, ...options }),
    MustBe('true or false', (value) => typeof value === 'boolean'),
  );
}

/** One of a few texts. */
export function Enum(values: readonly string[], options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, enum: [...values], ...options }),
    MustBe(`one of ${values.join(', ')}`, (value) => values.includes(value as string)),
  );
}

/** A UUID (RFC 9562) of any version, for a column of type `uuid`; in lower case, as PostgreSQL answers it. */
export function Uuid(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'uuid', example: '0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44', ...options }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    MustBe('a UUID', (value) => typeof value === 'string' && UUID.test(value)),
  );
}
