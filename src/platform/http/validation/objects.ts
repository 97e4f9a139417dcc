/** Fields that are objects, of declared fields or of any, and lists of them. */
import { applyDecorators, type Type as Class } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { MustBe } from './rules.js';

const JSON_BYTES = 16 * 1024;

/** An object with the fields of a DTO class, for a column of type `jsonb`. */
export function Nested(dto: Class<object>, options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: dto, ...options }),
    Type(() => dto),
    MustBe('an object', isObject),
    ValidateNested(),
  );
}

/** A list of objects with the fields of a DTO class, for a column of type `jsonb`, or to be written one by one. */
export function ListOfNested(
  dto: Class<object>,
  { min = 0, max, ...options }: { min?: number; max: number } & ApiPropertyOptions,
): PropertyDecorator {
  const holds = (value: unknown) =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every(isObject);
  return applyDecorators(
    ApiProperty({ type: [dto], minItems: min, maxItems: max, ...options }),
    Type(() => dto),
    MustBe(`a list of ${min} to ${max} objects`, holds),
    ValidateNested({ each: true }),
  );
}

/** An object of whatever fields, for a column of type `jsonb`. PostgreSQL does not keep the order of its keys. */
export function JsonObject({
  maxBytes = JSON_BYTES,
  ...options
}: ApiPropertyOptions & { maxBytes?: number } = {}): PropertyDecorator {
  const holds = (value: unknown) => isObject(value) && Buffer.byteLength(JSON.stringify(value)) <= maxBytes;
  return applyDecorators(
    ApiProperty({ type: 'object', additionalProperties: true, ...options } as ApiPropertyOptions),
    MustBe(`an object of at most ${maxBytes} bytes of JSON`, holds),
  );
}

/** Whether it is an object of JSON, and no array. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
